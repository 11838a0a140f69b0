"""Rows known again before anything is made of them: the digests that stand with the contacts who hold some keys.

What is found may be out of date as soon as it is told. It is good for a claim, which is judged by whoever writes.
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

Nums = npt.NDArray[np.int64]


def read_digests(connection: apsw.Connection, nums: Nums) -> dict[int, int | None]:
    """The digests of the contacts with these nums (each once, in order), as far as there are such contacts."""
    # They stand behind the document in a row, but on the same page: reading one costs no more than finding the row.
    sql = "SELECT c.num, c.digest FROM carray(?) AS a CROSS JOIN contact AS c ON c.num = a.value"
    return dict(read_rows(connection, sql, (apsw.carray(nums),)))


class KnownRows:
    """Looks up who holds keys, over a connection of its own that is opened at the first look.

    A database that is not there, or cannot be read just now, knows nobody."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._connection: apsw.Connection | None = None

    def look(self, keys: Collection[Key]) -> dict[int, int]:
        """The digests of all contacts who hold one of `keys`, and who bears each. No two bear the same: a row led to
        the one that holds its keys, and who loses one of those bears another digest from then on."""
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
        """The nums of those who hold keys with these hashes, in order; one for each hash."""
        connection, holders = self._connected(), dict[int, int]()
        for table in tables(connection):
            if holders:  # what was found is not looked for again
                hashes = np.array([hash for hash in hashes.tolist() if hash not in holders], np.int64)
            if not len(hashes):
                break
            sql = f"SELECT k.hash, k.num FROM carray(?) AS a CROSS JOIN {table} AS k ON k.hash = a.value"  # noqa: S608
            holders.update(read_rows(connection, sql, (apsw.carray(hashes),)))
        return np.unique(np.fromiter(holders.values(), np.int64, len(holders)))
