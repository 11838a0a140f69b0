"""Look up the row digests of contacts by their keys, so that a reader recognizes unchanged rows before parsing them."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import numpy.typing as npt

from letrics.identity.keys import Key, hashes_of
from letrics.store.sql import SqlConnection, read_rows
from letrics.store.tables.recent import tables

Nums = npt.NDArray[np.int64]


def read_digests(connection: SqlConnection, nums: Nums) -> dict[int, int | None]:
    """The digests of the contacts with these nums (each once, in order). Nums of deleted contacts are omitted."""
    # The digest comes after the document in a row, but on the same page: reading it costs no more than finding the row.
    sql = "SELECT c.num, c.digest FROM carray(?) AS a CROSS JOIN contact AS c ON c.num = a.value"
    return dict(read_rows(connection, sql, (connection.ints(nums),)))


def digests_of_holders(connection: SqlConnection, keys: Collection[Key]) -> dict[int, int]:
    """The digests of all contacts that hold one of `keys`, each with the num of its contact.

    No two contacts have the same digest: a row updates the contact that holds its keys, and a contact that loses one of
    them gets another digest.
    """
    if not keys:
        return {}
    nums = _holders(connection, hashes_of(keys))
    if not len(nums):
        return {}
    return {digest: num for num, digest in read_digests(connection, nums).items() if digest}


def _holders(connection: SqlConnection, hashes: Nums) -> Nums:
    """The nums of the contacts that hold keys with these hashes, in order; several for an address that they share."""
    holders = set[int]()
    found = set[int]()
    for table in tables(connection):
        if found:  # skip the hashes found in the table before
            hashes = np.array([hash for hash in hashes.tolist() if hash not in found], np.int64)
        if not len(hashes):
            break
        sql = f"SELECT k.hash, k.num FROM carray(?) AS a CROSS JOIN {table} AS k ON k.hash = a.value"  # noqa: S608
        for hash, num in read_rows(connection, sql, (connection.ints(hashes),)):
            found.add(hash)
            holders.add(num)
    return np.unique(np.fromiter(holders, np.int64, len(holders)))
