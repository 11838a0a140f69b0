"""Writes of the table of possible duplicates."""

from __future__ import annotations

from array import array
from collections.abc import Sequence

import apsw

from letrics.store.duplicate_record import DuplicateStatus, NoPair, UnknownContact
from letrics.store.sqlite.lookup import find_record


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


def move_pairs(connection: apsw.Connection, gone: int, kept: int) -> None:
    """Give the pairs of a contact to the one that it is merged into, except those of merges."""
    connection.execute(
        "INSERT OR IGNORE INTO duplicate (first, second, reason, status, found_at) "
        "SELECT min(other, ?2), max(other, ?2), reason, status, found_at FROM (SELECT *, "
        "CASE first WHEN ?1 THEN second ELSE first END AS other FROM duplicate "
        "WHERE (first = ?1 OR second = ?1) AND status <> 'merged' ORDER BY id) WHERE other <> ?2",
        (gone, kept),
    )


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


def forget_duplicates(connection: apsw.Connection, nums: Sequence[int], merged: bool) -> None:
    """Delete the pairs of deleted contacts; `merged` includes those of merges, which then cannot be undone."""
    if nums:
        kept = "" if merged else " AND status <> 'merged'"
        for column in ("first", "second"):
            connection.execute(
                f"DELETE FROM duplicate WHERE {column} IN (SELECT value FROM carray(?)){kept}",  # noqa: S608
                (apsw.carray(array("q", nums)),),
            )
