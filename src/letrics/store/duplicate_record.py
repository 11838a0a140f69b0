"""Possible duplicates: pairs of contacts that a person decides on."""

from __future__ import annotations

from typing import Final, Literal, get_args

import msgspec

DuplicateReason = Literal["email", "request", "merge"]
"""Why a pair is listed: both have a personal address but names that disagree, a user asked for it, or a contact that
was merged into one of them was in a pair with the other."""
DUPLICATE_REASONS: Final[tuple[DuplicateReason, ...]] = get_args(DuplicateReason)
DuplicateStatus = Literal["open", "dismissed", "merged"]
"""What a person decided on a pair: nothing yet, that they are different persons, or that they are one."""
DUPLICATE_STATUSES: Final[tuple[DuplicateStatus, ...]] = get_args(DuplicateStatus)


class Duplicate(msgspec.Struct, frozen=True, kw_only=True):
    """A pair of contacts that may be one person.

    `id` is the number of the pair; later pairs have higher numbers. `contacts` are the documents as the API returns
    them, the contact that was in the database first comes first. Of a merged pair, the first is the contact that both
    became, and the second is the other one as it was before the merge.
    """

    id: int
    reason: DuplicateReason
    status: DuplicateStatus
    found_at: str
    merged_at: str | None = None
    contacts: tuple[msgspec.Raw, msgspec.Raw]


class UnknownPair(LookupError):
    """There is no pair with this id, or one of its contacts is gone."""

    def __init__(self, id: int) -> None:
        super().__init__(f"there is no pair {id}: its contacts may have been deleted or merged with others")


class UnknownContact(LookupError):
    """There is no contact with this id."""

    def __init__(self, id: str) -> None:
        super().__init__(f"there is no contact {id}")


class NoPair(ValueError):
    """The ids are not those of two contacts for which the action is possible; the text says why."""
