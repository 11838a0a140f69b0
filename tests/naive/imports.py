"""Imports of a naive log: what each one changed is compared record by record, and undone on the model."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

from msgspec.structs import replace as changed

from letrics.identity.patches import Tally
from letrics.normalize.time import parse_time
from letrics.records import Kind
from letrics.store.import_record import ImportRecord, ImportStart, ImportStatus, NotUndoable, Undone, UnknownImport
from tests.naive.log import Imported, State
from tests.store.company_model import Firm, bare_name, page
from tests.store.model import Model, Person, addresses


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
    apart = list[Firm]()
    for (kind, num), firm in sorted(old.before.items(), key=lambda item: item[0]):
        if kind == "companies" and num in state.model.joined_into and firm is not None:
            if (kind, num) not in old.after and _take_apart(state, model, firm, old.after):
                apart.append(firm)
            else:
                kept.append((kind, str(firm.members["id"])))
    kinds: tuple[Kind, ...] = ("contacts", "companies")
    for kind in kinds:
        formers = list[Any]()
        for num in sorted(num for of, num in old.before if of == kind):
            now_there, former = _records(state).get((kind, num)), old.before[kind, num]
            if now_there is None or (kind, num) not in old.after:
                continue
            if now_there != old.after[kind, num] or _has_to_stay(model, kind, num, former):
                kept.append((kind, now_there[1].id if kind == "contacts" else now_there.id))
            elif former is None:
                model.delete(kind, [num], False)
                deleted += 1
            else:
                formers.append(former)
        restored += len(formers)
        if kind == "contacts":
            _restore_people(model, formers)
        else:
            _restore_firms(model, formers + apart)
            restored += len(apart)
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
    back = firm.copy()
    back.page = None if any(other.page == back.page for other in model.firms) else back.page
    back.names -= {name for other in model.firms for name in other.names}
    model.firms = sorted([*model.firms, back], key=lambda other: other.num)
    return True


def _with(state: State, imported: Imported) -> State:
    others = {each.record.id: each for each in state.imports}
    return replace(state, imports=tuple({**others, imported.record.id: imported}.values()))


def _records(state: State) -> dict[tuple[Kind, int], Any]:
    kinds: tuple[Kind, ...] = ("companies", "contacts")
    return {(kind, num): record for kind in kinds for num, (_, record) in state.records[kind].items()}


def _has_to_stay(model: Model, kind: Kind, num: int, former: Any) -> bool:
    """Whether a new company has contacts, or the former company of a contact is not there any more."""
    if kind == "companies":
        return former is None and any(person.company == num for person in model.people)
    return former is not None and former.company not in {firm.num for firm in model.firms} | {None}


def _thing(model: Model, key: tuple[Kind, int]) -> Any:
    """A copy of the person or of the company's members in a model; None if it is not there."""
    kind, num = key
    if kind == "contacts":
        return next((copy.deepcopy(person) for person in model.people if person.num == num), None)
    return next((firm.copy() for firm in model.firms if firm.num == num), None)


def _restore_firms(model: Model, firms: Sequence[Firm]) -> None:
    """Restore companies. Each holds the page or name of its former values that no other company holds then."""
    restored = {former.num: former.copy() for former in firms}
    for place, now in enumerate(model.firms):
        if now.num in restored:
            firm = model.firms[place] = restored[now.num]
            firm.page = now.page if now.page == page(firm.members.get("linkedin_url")) else None
            firm.names = now.names - (_found_by_name(now) - _found_by_name(firm))
    for firm in sorted(restored.values(), key=lambda firm: firm.num):
        own = page(firm.members.get("linkedin_url"))
        if own and all(other.page != own for other in model.firms):
            firm.page = own
        held = {name for other in model.firms for name in other.names}
        firm.names |= _found_by_name(firm) - held


def _found_by_name(firm: Firm) -> set[str]:
    name = bare_name(firm.members.get("name"))
    has_other = firm.domain is not None or page(firm.members.get("linkedin_url"))
    return set() if has_other or not name else {name}


def _restore_people(model: Model, people: Sequence[Person]) -> None:
    """Restore persons. Each holds what it held, and the keys of its former values, of which no other person holds one
    then. It shares the addresses that another one holds."""
    restored = list[tuple[Person, Person]]()
    for former in people:
        place = next(place for place, person in enumerate(model.people) if person.num == former.num)
        now, person = model.people[place], copy.deepcopy(former)
        person.holds = now.holds & (former.holds | former.names)
        person.shares = now.shares - (now.own_shares - former.own_shares - former.merged)
        model.people[place] = person
        restored.append((person, former))
    for person, former in restored:
        person.holds |= {key for key in former.names if model.holder(key) is None}
    for person, former in restored:
        person.shares -= {share for share in former.own_shares if share[0] in person.holds} - former.merged
    for person, former in restored:
        for address in addresses(former.members["emails"]):
            if address not in person.holds:
                model.share(person, address)
