"""Possible duplicates of a naive log."""

from __future__ import annotations

from dataclasses import replace

import msgspec

from letrics.records import ContactBody, encode, join_company
from letrics.store.duplicate_record import Duplicate, DuplicateStatus, NoPair, UnknownContact, UnknownPair
from tests.naive.log import State
from tests.store.model import Model


def duplicates_of(state: State) -> list[Duplicate]:
    """The pairs that are not merged, nor of contacts that were, in order of id."""
    found = []
    for nums, pair in sorted(state.model.duplicates.items(), key=lambda item: item[1].id):
        if pair.status != "merged" and state.records["contacts"].keys() >= set(nums):
            one, other = (document_of(state, num) for num in nums)
            found.append(
                Duplicate(
                    id=pair.id, reason=pair.reason, status=pair.status, found_at=pair.found_at, contacts=(one, other)
                )
            )
    return found


def find_pair(found: list[Duplicate], id: int) -> Duplicate:
    """The one with this id. Raises UnknownPair."""
    for pair in found:
        if pair.id == id:
            return pair
    raise UnknownPair(id)


def with_pair(state: State, some: str, other: str, status: DuplicateStatus, now: str) -> State:
    """The state in which the pair of contacts with these ids has this status."""
    model = state.model.copy()
    one, two = pair_of(model, some, other)
    if not model.pair(one, two, "request", status, now):
        model.duplicates[one, two] = replace(model.duplicates[one, two], status=status)
    return replace(state, model=model)


def pair_of(model: Model, some: str, other: str) -> tuple[int, int]:
    """The nums of two contacts, the lower first. Raises UnknownContact and NoPair."""
    ids = model.ids()
    for id in (some, other):
        if id not in ids:
            raise UnknownContact(id)
    if ids[some] == ids[other]:
        raise NoPair("one contact")
    return min(ids[some], ids[other]), max(ids[some], ids[other])


def document_of(state: State, num: int) -> msgspec.Raw:
    """The document of a contact as the API returns it."""
    company, body = state.records["contacts"][num][1]
    return join(state, company, body)


def join(state: State, company: int | None, body: ContactBody) -> msgspec.Raw:
    """The document of a contact of a company as the API returns it."""
    known = None if company is None else state.records["companies"].get(company)
    return msgspec.Raw(join_company(encode(body), None if known is None else encode(known[1])))
