"""The reads of identity from the tables."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

import numpy as np

from letrics.identity.keys import Hashes, Key
from letrics.records import can_be_decoded, decode_company
from letrics.store.sql import SqlConnection
from letrics.store.tables.checksums import is_damaged_document
from letrics.store.tables.company_key_table import find_former_ids, read_company_keys
from letrics.store.tables.company_table import find_companies, find_companies_by_num, has_company_without_domain
from letrics.store.tables.contact_table import find_contacts
from letrics.store.tables.key_table import read_keys
from letrics.store.tables.known import read_digests
from letrics.store.tables.merged_key_table import read_merged_keys


class TableReads:
    """Implements `letrics.identity.reads` over one connection. Each read is one query of a sorted set.

    Damaged documents that can be decoded are noted, because a document that is made from one must still be reported.
    """

    def __init__(self, connection: SqlConnection) -> None:
        self._connection = connection
        self.damaged_contacts = set[int]()
        self.damaged_companies = set[int]()

    def keys(self, hashes: Hashes) -> Iterable[tuple[Key, int]]:
        return read_keys(self._connection, hashes)

    def contacts(self, nums: Collection[int]) -> Iterable[tuple[int, int, bool, int | None, bytes]]:
        return find_contacts(self._connection, nums, self.damaged_contacts)

    def digests(self, nums: Collection[int]) -> Mapping[int, int | None]:
        return read_digests(self._connection, np.unique(np.fromiter(nums, np.int64))) if nums else {}

    def merged_keys(self, num: int) -> Collection[Key]:
        return read_merged_keys(self._connection, [num]).keys

    def company_nums(self, ids: Collection[str]) -> Iterable[tuple[str, int]]:
        return [(id, num) for id, num in find_companies(self._connection, "domain, num", ids)]

    def companies(self, ids: Collection[str]) -> Iterable[tuple[str, int, bytes]]:
        return self._verified(find_companies(self._connection, "domain, num, document, checksum", ids))

    def companies_by_num(self, nums: Collection[int]) -> Iterable[tuple[str, int, bytes]]:
        return self._verified(find_companies_by_num(self._connection, nums))

    def _verified(self, found: Iterable[tuple[str, int, bytes, int | None]]) -> list[tuple[str, int, bytes]]:
        rows = list[tuple[str, int, bytes]]()
        for id, num, document, checksum in found:
            if is_damaged_document(num, document, checksum) and can_be_decoded(document, decode_company):
                self.damaged_companies.add(num)
            rows.append((id, num, document))
        return rows

    def former_company_ids(self, ids: Collection[str]) -> Iterable[tuple[str, int]]:
        return find_former_ids(self._connection, ids)

    def has_company_without_domain(self) -> bool:
        return has_company_without_domain(self._connection)

    def company_keys(self, hashes: Hashes) -> Iterable[tuple[Key, int]]:
        return read_company_keys(self._connection, hashes)
