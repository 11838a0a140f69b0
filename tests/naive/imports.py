"""Imports of a naive log: what each one changed is compared record by record, and undone on the model."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

from msgspec.structs import replace as changed

from letrics.identity.patches import Tally
from letrics.normalize.time import parse_time
from letrics.records import Kind
from letrics.store.import_record import ImportRecord, ImportStart, ImportStatus, NotUndoable, Undone, UnknownImport
from tests.naive.log import Imported, State
from tests.store.company_model import Firm, bare_name, page
from tests.store.model import Model


def with_start(state: State, start: ImportStart, now: str) -> tuple[State, int]:
    """The state with one more import, and its id."""
    id = len(state.imports) + 1
    given = {name: getattr(start, name) for name in ImportStart.__struct_fields__}
    record = ImportRecord(**given, id=id, status="running", started_at=now, updated_at=now, changes={})
    return replace(state, imports=(*state.imports, Imported(record))), id


def find_import(state: State, id: int) -> Imported:
    """The import with this id. Raises UnknownImport."""
    for each in state.imports:
        if each.record.id == id:
            return each
    raise UnknownImport(id)


def with_status(state: State, id: int, status: ImportStatus, report: dict[str, Any] | None, now: str) -> State:
    """The state with a changed import."""
    old = find_import(state, id)
    report = old.record.report if report is None else report
    return _with(state, replace(old, record=changed(old.record, status=status, report=report, updated_at=now)))


def touched_by(state: State, id: int | None, kind: Kind) -> set[int] | None:
    """The nums of the records of a kind that the rows of an import have found or made; None if there is no import."""
    return None if id is None else set(find_import(state, id).touched.get(kind, ()))


def with_import(
    before: State, after: State, id: int | None, tally: Tally, now: str, kind: Kind, touched: set[int] | None
) -> State:  # fmt: skip
    """The state after a batch of an import (or of none), which notes what the batch changed."""
    if id is None:
        return after
    old = find_import(before, id)
    counts = {name: old.record.changes.get(name, 0) + count for name, count in asdict(tally).items()}
    noted, left = dict(old.before), dict(old.after)
    for key in _records(before).keys() - _records(after).keys():  # a company that was merged into another one
        noted.setdefault(key, _thing(before.model, key))
        left.pop(key, None)
    for key in _records(after):
        if _records(before).get(key) != _records(after)[key]:
            noted.setdefault(key, _thing(before.model, key))
            left[key] = _records(after)[key]
    record = changed(old.record, changes=counts, updated_at=now)
    return _with(after, Imported(record, noted, left, {**old.touched, kind: frozenset(touched or ())}))


def without_import(state: State, id: int, now: str) -> tuple[State, Undone]:
    """The state after undoing an import, and the effect. Raises UnknownImport and NotUndoable."""
    old = find_import(state, id)
    silent = parse_time(now) - parse_time(old.record.updated_at)
    if old.record.status == "undone" or (old.record.status == "running" and silent < 5 * 60_000):
        raise NotUndoable(f"import {id} cannot be undone")
    model, kept = state.model.copy(), list[tuple[Kind, str]]()
    restored = deleted = 0
    for (kind, num), firm in sorted(old.before.items(), key=lambda item: item[0]):
        if kind == "companies" and num in state.model.joined_into and firm is not None:
            apart = (kind, num) not in old.after and _take_apart(state, model, firm, old.after)
            restored += apart
            kept += [] if apart else [(kind, str(firm.members["id"]))]
    for key in sorted(old.before, key=lambda key: (key[0] == "companies", old.before[key] is None, key[1])):
        kind, num = key
        now_there = _records(state).get(key)
        if now_there is None or key not in old.after:
            continue
        employed = kind == "companies" and old.before[key] is None and _employs(model, num)
        employed = employed or (kind == "contacts" and _has_lost_company(model, old.before[key]))
        if now_there != old.after[key] or employed:
            kept.append((kind, now_there[1].id if kind == "contacts" else now_there.id))
        elif old.before[key] is None:
            model.delete(kind, [num], False)
            deleted += 1
        else:
            _put_back(model, key, old.before[key])
            restored += 1
    done = with_status(state.after_batch(model), id, "undone", None, now)
    return done, Undone(restored=restored, deleted=deleted, kept=tuple(kept))


def _take_apart(state: State, model: Model, firm: Firm, left: Mapping[tuple[Kind, int], Any]) -> bool:
    """Add a company again that was merged into another one, unless that one changed since and has its page or name."""
    holder = next(other for other in model.firms if other.num == model.joined_into[firm.num])
    own, name = page(firm.members.get("linkedin_url")), bare_name(firm.members.get("name"))
    if own:
        is_free = all(other.page != own for other in model.firms)
    else:
        is_free = not any(name in other.names for other in model.firms if other is not holder)
    if _records(state)["companies", holder.num] != left.get(("companies", holder.num)) and not is_free:
        return False
    del model.joined_into[firm.num]
    holder.former -= firm.ids
    holder.names -= firm.names
    holder.page = None if holder.page == firm.page else holder.page
    model.firms = sorted([*model.firms, firm.copy()], key=lambda other: other.num)
    return True


def _with(state: State, imported: Imported) -> State:
    others = {each.record.id: each for each in state.imports}
    return replace(state, imports=tuple({**others, imported.record.id: imported}.values()))


def _records(state: State) -> dict[tuple[Kind, int], Any]:
    kinds: tuple[Kind, ...] = ("companies", "contacts")
    return {(kind, num): record for kind in kinds for num, (_, record) in state.records[kind].items()}


def _employs(model: Model, num: int) -> bool:
    return any(person.company == num for person in model.people)


def _has_lost_company(model: Model, former: Any) -> bool:
    """Whether the former company of a person is not there any more."""
    nums = {firm.num for firm in model.firms} | {None}
    return former is not None and former.company not in nums


def _thing(model: Model, key: tuple[Kind, int]) -> Any:
    """A copy of the person or of the company's members in a model; None if it is not there."""
    kind, num = key
    if kind == "contacts":
        return next((copy.deepcopy(person) for person in model.people if person.num == num), None)
    return next((firm.copy() for firm in model.firms if firm.num == num), None)


def _put_back(model: Model, key: tuple[Kind, int], former: Any) -> None:
    kind, num = key
    if kind == "companies":
        rest = [firm for firm in model.firms if firm.num != num]
        restored = former.copy()
        if any(other.page == restored.page for other in rest):
            restored.page = None
        restored.names = {name for name in restored.names if not any(name in other.names for other in rest)}
        model.firms = [restored if each.num == num else each for each in model.firms]
        return
    place = next(place for place, person in enumerate(model.people) if person.num == num)
    others = [person for person in model.people if person.num != num]
    person = copy.deepcopy(former)
    person.holds -= {key for other in others for key in other.holds}
    person.shares -= {share for other in others for share in other.shares}
    model.people[place] = person
    for email in person.members["emails"]:
        address = email.value.casefold()
        if email.type == "personal" and model.holder(address) not in (None, person):
            model.share(person, address)
