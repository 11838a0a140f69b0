"""The write plan of a batch: what a store inserts, changes and deletes, as columns of equal length.

The store assigns the seqs: first to the changed records, then to the new ones, each in the order of the plan.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from letrics.identity.keys import Key

T = TypeVar("T")


@dataclass(slots=True)
class KeyRows:
    """Keys, each with the num of its contact, in no order."""

    keys: list[Key] = field(default_factory=list)
    nums: list[int] = field(default_factory=list)

    def add(self, key: Key, num: int) -> None:
        self.keys.append(key)
        self.nums.append(num)


@dataclass(frozen=True, slots=True)
class CompanyPlan:
    """The companies and keys to write, each group of companies in order of num.

    `renamed` are the nums and new ids of those changed companies that got a domain, `former_ids` the nums and former
    ids of these and of new ones. Keys are removed before others are put, because a key may be in both. `rows` has the
    company of each row, if they are rows of companies.
    """

    changed_nums: Sequence[int]
    changed_documents: Sequence[bytes]
    new_nums: Sequence[int]
    new_ids: Sequence[str]
    new_documents: Sequence[bytes]
    renamed: Sequence[tuple[int, str]]
    former_ids: Sequence[tuple[int, str]]
    put: KeyRows
    removed: KeyRows
    rows: Sequence[int] = ()


@dataclass(frozen=True, slots=True)
class ContactColumns:
    """Contacts to write, in order of num. `external` says whether the id came from an import."""

    nums: Sequence[int]
    companies: Sequence[int]
    external: Sequence[bool]
    digests: Sequence[int | None]
    documents: Sequence[bytes]


def merge_rows(some: ContactColumns, others: ContactColumns) -> ContactColumns:
    """Merge two sets of contacts in order of num."""
    if not some.nums or not others.nums:
        return some if some.nums else others
    nums = [*some.nums, *others.nums]
    order = sorted(range(len(nums)), key=nums.__getitem__)

    def merged(first: Sequence[T], second: Sequence[T]) -> list[T]:
        return list(map([*first, *second].__getitem__, order))

    return ContactColumns(
        nums=merged(some.nums, others.nums),
        companies=merged(some.companies, others.companies),
        external=merged(some.external, others.external),
        digests=merged(some.digests, others.digests),
        documents=merged(some.documents, others.documents),
    )


@dataclass(frozen=True, slots=True)
class ContactPlan:
    """The contacts and keys to write.

    `moved` are the nums and new companies of those changed contacts whose company is another one. `confirmed` are the
    nums and digests of contacts that did not change; writing them is not a change of the log. Keys are removed before
    others are put, because a key may be in both. `duplicates` are pairs of contacts, the lower num first, that have an
    address in common but names that disagree; they may be stored already. `rows` has the contact of each row that is
    not isolated.
    """

    changed: ContactColumns
    new: ContactColumns
    moved: Sequence[tuple[int, int]]
    confirmed: Sequence[tuple[int, int | None]]
    former_ids: Sequence[tuple[int, str]]
    put: KeyRows
    removed: KeyRows
    duplicates: Sequence[tuple[int, int]]
    rows: Sequence[int]
