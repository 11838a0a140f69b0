"""The reads of a store that decide who is who. A store implements them inside the transaction of a batch."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Protocol

from letrics.identity.keys import Hashes, Key


class KeyReads(Protocol):
    """Reads stored identity keys."""

    def keys(self, hashes: Hashes) -> Iterable[tuple[Key, int]]:
        """The stored keys with these hashes (each once, in ascending order), and the nums of their contacts.

        A key and num may be yielded twice. Different keys may have one hash, so the caller compares keys.
        """
        ...

    def merged_keys(self, num: int) -> Collection[Key]:
        """The keys that a stored contact has from the contacts merged into it."""
        ...


class CompanyReads(Protocol):
    """Reads stored companies. The id of a company is its domain, if it has one."""

    def company_nums(self, ids: Collection[str]) -> Iterable[tuple[str, int]]:
        """The id and num of each stored company among these ids."""
        ...

    def companies(self, ids: Collection[str]) -> Iterable[tuple[str, int, bytes]]:
        """The id, num and document of each stored company among these ids."""
        ...

    def companies_by_num(self, nums: Collection[int]) -> Iterable[tuple[str, int, bytes]]:
        """The id, num and document of each stored company among these nums."""
        ...

    def former_company_ids(self, ids: Collection[str]) -> Iterable[tuple[str, int]]:
        """Those of the ids that companies had before they got a domain, and the nums of these companies."""
        ...

    def has_company_without_domain(self) -> bool:
        """Whether there is a stored company without a domain."""
        ...

    def company_keys(self, hashes: Hashes) -> Iterable[tuple[Key, int]]:
        """The stored keys of companies with these hashes, and the nums of their companies; see `KeyReads.keys`."""
        ...


class ContactReads(KeyReads, Protocol):
    """Reads stored contacts and their keys."""

    def contacts(self, nums: Collection[int]) -> Iterable[tuple[int, int, bool, int | None, bytes]]:
        """The num, company, whether the id is external, digest and document of each stored contact among `nums`."""
        ...

    def digests(self, nums: Collection[int]) -> Mapping[int, int | None]:
        """The digest of each stored contact among `nums`."""
        ...


class Counters(Protocol):
    """The counters of a log that a batch advances: the next nums, and the number of records.

    `no_company` is the num that contacts without a company have as their company. It is taken from the nums of
    companies when it is first needed, so that an index can treat it as the num of a company that has no values.
    """

    next_company: int
    next_contact: int
    companies: int
    contacts: int
    no_company: int | None
