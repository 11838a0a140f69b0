"""Look up the row digests of contacts by their keys, so that a reader recognizes unchanged rows before parsing them.

A result may be out of date as soon as it is returned. It is sufficient for a claim, which the writer checks again.
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Final

import apsw
import numpy as np
import numpy.typing as npt

from letrics.store.base import StoreAway
from letrics.store.connection import open_sqlite, read_rows
from letrics.store.identity import Key
from letrics.store.sqlite.keys import hashes_of
from letrics.store.sqlite.recent import tables

_BUSY_MS: Final = 1_000
"""Milliseconds that a lookup waits for a lock before it gives up and reports no contacts."""

Nums = npt.NDArray[np.int64]


def read_digests(connection: apsw.Connection, nums: Nums) -> dict[int, int | None]:
    """The digests of the contacts with these nums (each once, in order). Nums of deleted contacts are omitted."""
    # The digest comes after the document in a row, but on the same page: reading it costs no more than finding the row.
    sql = "SELECT c.num, c.digest FROM carray(?) AS a CROSS JOIN contact AS c ON c.num = a.value"
    return dict(read_rows(connection, sql, (apsw.carray(nums),)))


class KnownRows:
    """Looks up the contacts that hold keys, over a separate connection that the first lookup opens.

    If the database does not exist or cannot be read now, lookups return no contacts.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._connection: apsw.Connection | None = None

    def look(self, keys: Collection[Key]) -> dict[int, int]:
        """The digests of all contacts that hold one of `keys`, each with the num of its contact.

        No two contacts have the same digest: a row updates the contact that holds its keys, and a contact that loses
        one of them gets another digest.
        """
        if not keys:
            return {}
        try:
            nums = self._holders(hashes_of(keys))
            if not len(nums):
                return {}
            found = read_digests(self._connected(), nums)
        except (StoreAway, apsw.Error):
            return {}
        return {digest: num for num, digest in found.items() if digest}

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _connected(self) -> apsw.Connection:
        if self._connection is None:
            self._connection = open_sqlite(self._path, create=False, read_only=True, busy_ms=_BUSY_MS)
        return self._connection

    def _holders(self, hashes: Nums) -> Nums:
        """The nums of the contacts that hold keys with these hashes, in order; one contact for each hash."""
        connection, holders = self._connected(), dict[int, int]()
        for table in tables(connection):
            if holders:  # skip the hashes found in the table before
                hashes = np.array([hash for hash in hashes.tolist() if hash not in holders], np.int64)
            if not len(hashes):
                break
            sql = f"SELECT k.hash, k.num FROM carray(?) AS a CROSS JOIN {table} AS k ON k.hash = a.value"  # noqa: S608
            holders.update(read_rows(connection, sql, (apsw.carray(hashes),)))
        return np.unique(np.fromiter(holders.values(), np.int64, len(holders)))
