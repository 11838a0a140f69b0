"""The table of possible duplicates."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from typing import Final

import apsw
import msgspec

from letrics.store.connection import read_rows
from letrics.store.duplicate_record import Duplicate, DuplicateReason, DuplicateStatus, NoPair, UnknownContact
from letrics.store.sqlite.lookup import find_record, read_documents

_PAGE: Final = """
SELECT id, reason, status, found_at, first, second FROM duplicate WHERE status = ? AND id > ? ORDER BY id LIMIT ?
"""


def add_duplicates(connection: apsw.Connection, pairs: Sequence[tuple[int, int]], now: str) -> int:
    """Add pairs of nums, the lower first, except those that are there with any status; returns how many were added."""
    before = connection.total_changes()
    connection.executemany(
        "INSERT OR IGNORE INTO duplicate (first, second, reason, status, found_at) VALUES (?, ?, 'email', 'open', ?)",
        [(first, second, now) for first, second in pairs],
    )
    return connection.total_changes() - before


def read_duplicates(connection: apsw.Connection, status: DuplicateStatus, limit: int, after: int) -> list[Duplicate]:
    """The pairs with this status and an id above `after`, in order of id, without those of malformed documents."""
    rows = read_rows(connection, _PAGE, (status, after, limit))
    nums = sorted({num for row in rows for num in row[4:]})
    documents = dict(zip(nums, read_documents(connection, "contacts", nums), strict=True))
    found = []
    for id, reason, its_status, found_at, first, second in rows:
        one, other = documents[first], documents[second]
        if one is not None and other is not None:
            contacts = (msgspec.Raw(one), msgspec.Raw(other))
            found.append(Duplicate(id=id, reason=reason, status=its_status, found_at=found_at, contacts=contacts))
    return found


def set_status(connection: apsw.Connection, some: str, other: str, status: DuplicateStatus, now: str) -> None:
    """Set the status of the pair of contacts with these ids; a pair that is not there is added.

    Raises UnknownContact and NoPair.
    """
    first, second = pair_of(connection, some, other)
    reason: DuplicateReason = "request"
    connection.execute(
        "INSERT INTO duplicate (first, second, reason, status, found_at) VALUES (?, ?, ?, ?, ?) "
        "ON CONFLICT (first, second) DO UPDATE SET status = excluded.status",
        (first, second, reason, status, now),
    )


def list_pair(connection: apsw.Connection, some: int, other: int, now: str) -> None:
    """List two contacts as possible duplicates, whatever was decided on them before."""
    connection.execute(
        "INSERT INTO duplicate (first, second, reason, status, found_at) VALUES (?, ?, 'request', 'open', ?) "
        "ON CONFLICT (first, second) DO UPDATE SET status = excluded.status",
        (min(some, other), max(some, other), now),
    )


def move_pairs(connection: apsw.Connection, gone: int, kept: int) -> None:
    """Give the pairs of a contact to the one that it is merged into, except the pair of the two."""
    connection.execute(
        "INSERT OR IGNORE INTO duplicate (first, second, reason, status, found_at) "
        "SELECT min(other, ?2), max(other, ?2), reason, status, found_at FROM (SELECT *, "
        "CASE first WHEN ?1 THEN second ELSE first END AS other FROM duplicate WHERE first = ?1 OR second = ?1 "
        "ORDER BY id) WHERE other <> ?2",
        (gone, kept),
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
