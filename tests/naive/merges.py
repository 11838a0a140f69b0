"""Merges of contacts in a naive log, and their undoing."""

from __future__ import annotations

import copy
from dataclasses import dataclass, replace

from letrics.records import ContactBody
from letrics.store.duplicate_record import Duplicate, NoPair, UnknownContact
from tests.naive.duplicates import document_of, join, pair_of
from tests.naive.log import State
from tests.property.reading import folded
from tests.store.model import Model, Pair, Person

_EMPTY = (None, ())
_NAMES = ("first_name", "last_name", "full_name")


@dataclass(frozen=True)
class Merge:
    """Two persons before they were merged, and the one that they became."""

    id: int
    at: str
    before: Person
    after: Person
    gone: Person
    given: frozenset[tuple[str, str]]
    """The shares that the merge gave to the person who stayed."""


def with_merge(state: State, kept_id: str, gone_id: str, now: str) -> State:
    """The state after merging a contact into another one. Raises UnknownContact and NoPair."""
    model = state.model.copy()
    nums = pair_of(model, kept_id, gone_id)
    model.pair(*nums, "request", "merged", now)
    model.duplicates[nums] = replace(model.duplicates[nums], status="merged")
    kept, gone = (_person(model, model.ids()[id]) for id in (kept_id, gone_id))
    before = copy.deepcopy(kept)
    _unite(kept, gone, now)
    _copy_pairs(model, gone.num, kept.num)
    pairs = dict(model.duplicates)
    model.delete("contacts", [gone.num], False)
    model.duplicates = pairs
    kept.former |= gone.former | {gone.id}
    kept.external |= gone.external
    kept.holds |= gone.holds
    kept.shares |= gone.shares
    kept.merged |= gone.shares - kept.own_shares
    _give_keys(model, kept)
    for name in (before.members["full_name"], gone.members["full_name"]):
        taken = {share for person in model.people for share in person.shares}
        mine = {(key, folded(name)) for key in kept.holds if key in kept.names and "@" in key and name}
        kept.shares |= mine - (taken - kept.shares)
        kept.merged |= mine - (taken - kept.shares)
    given = frozenset(kept.merged - before.merged)
    model.merges.append(Merge(len(model.merges) + 1, now, before, copy.deepcopy(kept), gone, given))
    return state.after_batch(model)


def without_merge(state: State, some: str, other: str, now: str) -> State:
    """The state after undoing a merge. Raises NoPair."""
    model = state.model.copy()
    kept = _person(model, model.ids()[some])
    found = [merge for merge in model.merges if merge.before.num == kept.num and merge.gone.id in (some, other)]
    if not found:
        raise NoPair("not by a merge")
    merge = found[-1]
    back = copy.deepcopy(replace(merge.gone, num=model.next_contact, holds=set(), shares=set(merge.gone.merged)))
    model.next_contact += 1
    if kept.members == merge.after.members:
        kept.members = dict(merge.before.members)
    else:
        for name, value in kept.members.items():
            if name not in ("id", "updated_at") and value == merge.after.members[name]:
                kept.members[name] = merge.before.members[name]
        kept.members["updated_at"] = now
    back.company = model.company_of(back.company)
    if kept.company == model.company_of(merge.after.company):
        kept.company = model.company_of(merge.before.company)
    kept.external = merge.before.external if kept.id == merge.before.id else kept.external
    kept.former -= back.former | {back.id}
    kept.holds &= kept.names
    kept.merged -= merge.given
    kept.shares &= kept.own_shares | kept.merged
    model.people.append(back)
    for person in (kept, back):
        _give_keys(model, person)
    model.merges = [
        replace(one, before=replace(one.before, num=back.num)) if one.before.num == merge.gone.num else one
        for one in model.merges
        if one is not merge
    ]
    for third, _ in _partners(model, merge.gone.num):
        copied = (min(third, kept.num), max(third, kept.num))
        if copied in model.duplicates and _is_copy(model.duplicates[copied]):
            del model.duplicates[copied]
    for one in model.merges:
        if one.before.num == kept.num:
            _copy_pairs(model, one.gone.num, kept.num)
    model.duplicates = {_renumbered(pair, merge.gone.num, back.num): one for pair, one in model.duplicates.items()}
    nums = (kept.num, back.num)
    model.duplicates[nums] = replace(model.duplicates[nums], status="open")
    return state.after_batch(model)


def _partners(model: Model, num: int) -> list[tuple[int, Pair]]:
    """The persons that are in a pair with this one, each with the pair."""
    found = sorted(model.duplicates.items(), key=lambda item: item[1].id)
    return [(sum(nums) - num, pair) for nums, pair in found if num in nums and pair.status != "merged"]


def _copy_pairs(model: Model, gone: int, kept: int) -> None:
    there = {person.num for person in model.people}
    for third, pair in _partners(model, gone):
        if third != kept and third in there:
            model.pair(third, kept, "merge", pair.status, pair.found_at)


def _is_copy(pair: Pair) -> bool:
    return pair.reason == "merge" and pair.status != "merged"


def _renumbered(pair: tuple[int, int], former: int, num: int) -> tuple[int, int]:
    one, other = (num if each == former else each for each in pair)
    return min(one, other), max(one, other)


def merges_of(state: State) -> list[Duplicate]:
    """The merged pairs, the latest merge first."""
    there = {person.num for person in state.model.people}
    found = []
    for merge in reversed(state.model.merges):
        kept, gone = merge.before.num, merge.gone
        if kept in there:
            pair = state.model.duplicates[min(kept, gone.num), max(kept, gone.num)]
            contacts = (
                document_of(state, kept),
                join(state, state.model.company_of(gone.company), ContactBody(**gone.members)),
            )
            found.append(
                Duplicate(
                    id=pair.id, reason=pair.reason, status="merged", found_at=pair.found_at, merged_at=merge.at,
                    contacts=contacts,
                )
            )  # fmt: skip
    return found


def is_one_contact(state: State, some: str, other: str) -> bool:
    """Whether both ids are of one contact. Raises UnknownContact."""
    ids = state.model.ids()
    for id in (some, other):
        if id not in ids:
            raise UnknownContact(id)
    return ids[some] == ids[other]


def _person(model: Model, num: int) -> Person:
    return next(person for person in model.people if person.num == num)


def _unite(kept: Person, gone: Person, now: str) -> None:
    mine, others = kept.members, gone.members
    if not any(mine[name] for name in _NAMES):
        mine |= {name: others[name] for name in _NAMES}
    derived = set(mine["derived"])
    for name in set(mine) - {"id", "emails", "derived", "added_at", "updated_at", *_NAMES}:
        better = name in mine["derived"] and name not in others["derived"]
        if others[name] not in _EMPTY and (mine[name] in _EMPTY or better):
            mine[name] = others[name]
            derived = (derived - {name}) | ({name} & set(others["derived"]))
    known = [email.value.casefold() for email in mine["emails"]]
    mine["emails"] += tuple(email for email in others["emails"] if email.value.casefold() not in known)
    mine["derived"] = tuple(name for name in ("department", "seniority", "is_decision_maker") if name in derived)
    mine["added_at"] = min(mine["added_at"], others["added_at"])
    mine["updated_at"] = now
    kept.company = gone.company if kept.company is None else kept.company


def _give_keys(model: Model, person: Person) -> None:
    for key in person.names:
        if model.holder(key) is None:
            person.holds.add(key)
    for key, name in person.own_shares:
        if key in person.holds:
            person.shares -= {(key, name)} - person.merged
        else:
            model.share(person, key)
