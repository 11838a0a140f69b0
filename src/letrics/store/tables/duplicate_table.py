"""Writes of the table of possible duplicates."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from letrics.store.duplicate_record import DuplicateStatus, NoPair, UnknownContact
from letrics.store.sql import SqlConnection
from letrics.store.tables.lookup import find_record

_PARTNERS: Final = """
SELECT *, CASE first WHEN ?1 THEN second ELSE first END AS num FROM duplicate
WHERE (first = ?1 OR second = ?1) AND status <> 'merged'
"""
"""The pairs of a contact, each with the num of the other one."""
_PAIR: Final = "CASE WHEN num < ?2 THEN num ELSE ?2 END, CASE WHEN num < ?2 THEN ?2 ELSE num END"
"""The columns of the pair of such a contact and another one, the lower num first."""
_COPY: Final = f"""
INSERT INTO duplicate (first, second, reason, status, found_at)
SELECT {_PAIR}, 'merge', status, found_at FROM ({_PARTNERS}) AS p
WHERE num <> ?2 AND num IN (SELECT num FROM contact) ORDER BY id ON CONFLICT DO NOTHING
"""  # noqa: S608
_FORGET_COPIES: Final = f"""
DELETE FROM duplicate WHERE reason = 'merge' AND status <> 'merged'
AND (first, second) IN (SELECT {_PAIR} FROM ({_PARTNERS}) AS p)
"""  # noqa: S608


def add_duplicates(connection: SqlConnection, pairs: Sequence[tuple[int, int]], now: str) -> int:
    """Add pairs of nums, the lower first, except those that are there with any status; returns how many were added."""
    columns = ("first", "second", "reason", "status", "found_at")
    rows = [(first, second, "email", "open", now) for first, second in pairs]
    return connection.insert_missing("duplicate", columns, rows)


def set_status(connection: SqlConnection, some: int, other: int, status: DuplicateStatus, now: str) -> None:
    """Set the status of a pair of contacts, given by num; a pair that is not there is added."""
    connection.execute(
        "INSERT INTO duplicate (first, second, reason, status, found_at) VALUES (?, ?, 'request', ?, ?) "
        "ON CONFLICT (first, second) DO UPDATE SET status = excluded.status",
        (min(some, other), max(some, other), status, now),
    )


def copy_pairs(connection: SqlConnection, gone: int, kept: int) -> None:
    """Give a contact the pairs of one that was merged into it, except those of merges.

    The pairs themselves stay, so that undoing the merge lists them again. Pairs of merged contacts are not read.
    """
    connection.execute(_COPY, (gone, kept))


def forget_copies(connection: SqlConnection, gone: int, kept: int) -> None:
    """Delete the pairs that a contact has from one that was merged into it, unless they were merged themselves."""
    connection.execute(_FORGET_COPIES, (gone, kept))


def renumber_pairs(connection: SqlConnection, former: int, num: int) -> None:
    """Replace the num of a contact in its pairs by a higher one, which it has since its merge was undone."""
    other = "CASE first WHEN ?1 THEN second ELSE first END"
    connection.execute(
        f"UPDATE duplicate SET first = CASE WHEN {other} < ?2 THEN {other} ELSE ?2 END, "  # noqa: S608
        f"second = CASE WHEN {other} < ?2 THEN ?2 ELSE {other} END WHERE ?1 IN (first, second)",
        (former, num),
    )


def pair_of(connection: SqlConnection, some: str, other: str) -> tuple[int, int]:
    """The nums of two contacts, the lower first. Raises UnknownContact, and NoPair if the ids are of one contact."""
    first, second = num_of(connection, some), num_of(connection, other)
    if first == second:
        raise NoPair(f"{some} and {other} are one contact")
    return min(first, second), max(first, second)


def num_of(connection: SqlConnection, id: str) -> int:
    """The num of the contact with this id. Raises UnknownContact."""
    found = find_record(connection, "contacts", id)
    if found is None:
        raise UnknownContact(id)
    return found.num


def forget_duplicates(connection: SqlConnection, nums: Sequence[int]) -> None:
    """Delete the pairs of deleted contacts."""
    if nums:
        for column in ("first", "second"):
            connection.execute(
                f"DELETE FROM duplicate WHERE {column} IN (SELECT value FROM carray(?) AS a)",  # noqa: S608
                (connection.ints(nums),),
            )
