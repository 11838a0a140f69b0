"""Writes of the table of possible duplicates."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from typing import Final

import apsw

from letrics.store.duplicate_record import DuplicateStatus, NoPair, UnknownContact
from letrics.store.tables.lookup import find_record

_PARTNERS: Final = """
SELECT *, CASE first WHEN ?1 THEN second ELSE first END AS num FROM duplicate
WHERE (first = ?1 OR second = ?1) AND status <> 'merged'
"""
"""The pairs of a contact, each with the num of the other one."""
_COPY: Final = f"""
INSERT OR IGNORE INTO duplicate (first, second, reason, status, found_at)
SELECT min(num, ?2), max(num, ?2), 'merge', status, found_at FROM ({_PARTNERS})
WHERE num <> ?2 AND num IN (SELECT num FROM contact) ORDER BY id
"""  # noqa: S608
_FORGET_COPIES: Final = f"""
DELETE FROM duplicate WHERE reason = 'merge' AND status <> 'merged'
AND (first, second) IN (SELECT min(num, ?2), max(num, ?2) FROM ({_PARTNERS}))
"""  # noqa: S608


def add_duplicates(connection: apsw.Connection, pairs: Sequence[tuple[int, int]], now: str) -> int:
    """Add pairs of nums, the lower first, except those that are there with any status; returns how many were added."""
    before = connection.total_changes()
    connection.executemany(
        "INSERT OR IGNORE INTO duplicate (first, second, reason, status, found_at) VALUES (?, ?, 'email', 'open', ?)",
        [(first, second, now) for first, second in pairs],
    )
    return connection.total_changes() - before


def set_status(connection: apsw.Connection, some: int, other: int, status: DuplicateStatus, now: str) -> None:
    """Set the status of a pair of contacts, given by num; a pair that is not there is added."""
    connection.execute(
        "INSERT INTO duplicate (first, second, reason, status, found_at) VALUES (?, ?, 'request', ?, ?) "
        "ON CONFLICT (first, second) DO UPDATE SET status = excluded.status",
        (min(some, other), max(some, other), status, now),
    )


def copy_pairs(connection: apsw.Connection, gone: int, kept: int) -> None:
    """Give a contact the pairs of one that was merged into it, except those of merges.

    The pairs themselves stay, so that undoing the merge lists them again. Pairs of merged contacts are not read.
    """
    connection.execute(_COPY, (gone, kept))


def forget_copies(connection: apsw.Connection, gone: int, kept: int) -> None:
    """Delete the pairs that a contact has from one that was merged into it, unless they were merged themselves."""
    connection.execute(_FORGET_COPIES, (gone, kept))


def renumber_pairs(connection: apsw.Connection, former: int, num: int) -> None:
    """Replace the num of a contact in its pairs by a higher one, which it has since its merge was undone."""
    other = "CASE first WHEN ?1 THEN second ELSE first END"
    connection.execute(
        f"UPDATE duplicate SET first = min({other}, ?2), second = max({other}, ?2) WHERE ?1 IN (first, second)",  # noqa: S608
        (former, num),
    )


def pair_of(connection: apsw.Connection, some: str, other: str) -> tuple[int, int]:
    """The nums of two contacts, the lower first. Raises UnknownContact, and NoPair if the ids are of one contact."""
    first, second = num_of(connection, some), num_of(connection, other)
    if first == second:
        raise NoPair(f"{some} and {other} are one contact")
    return min(first, second), max(first, second)


def num_of(connection: apsw.Connection, id: str) -> int:
    """The num of the contact with this id. Raises UnknownContact."""
    found = find_record(connection, "contacts", id)
    if found is None:
        raise UnknownContact(id)
    return found.num


def forget_duplicates(connection: apsw.Connection, nums: Sequence[int]) -> None:
    """Delete the pairs of deleted contacts."""
    if nums:
        for column in ("first", "second"):
            connection.execute(
                f"DELETE FROM duplicate WHERE {column} IN (SELECT value FROM carray(?))",  # noqa: S608
                (apsw.carray(array("q", nums)),),
            )
