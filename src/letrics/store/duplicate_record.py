"""Possible duplicates: pairs of contacts that a person decides on."""

from __future__ import annotations

from typing import Literal

import msgspec

DuplicateReason = Literal["email", "request"]
"""Why a pair is listed: both have a personal address but names that disagree, or a user asked for it."""
DuplicateStatus = Literal["open", "dismissed"]


class Duplicate(msgspec.Struct, frozen=True, kw_only=True):
    """A pair of contacts that may be one person.

    `id` is the number of the pair; later pairs have higher numbers. `contacts` are the documents as the API returns
    them, the contact that was in the database first comes first.
    """

    id: int
    reason: DuplicateReason
    status: DuplicateStatus
    found_at: str
    contacts: tuple[msgspec.Raw, msgspec.Raw]


class MergedContact(msgspec.Struct, frozen=True, kw_only=True):
    """A contact that was merged into another one.

    `id` is the number of the merge; later merges have higher numbers. `contact` is the document of the contact that
    stayed, `merged_id` the id that the other one had.
    """

    id: int
    merged_at: str
    merged_id: str
    contact: msgspec.Raw


class UnknownContact(LookupError):
    """There is no contact with this id."""

    def __init__(self, id: str) -> None:
        super().__init__(f"there is no contact {id}")


class NoPair(ValueError):
    """The ids are not those of two contacts for which the action is possible; the text says why."""
