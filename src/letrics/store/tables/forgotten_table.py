"""The tables of people who were forgotten."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Final

from letrics.identity.forgotten import ForgottenPeople, KeyHash
from letrics.store.forgotten_list import Erasures, ForgottenDay, ForgottenList, ForgottenPerson
from letrics.store.sql import SqlConnection, read_rows, read_value
from letrics.store.tables.typed_rows import typed_row

_MAX_ID: Final = 1 << 62
"""Higher than any id of a person."""
_DAY: Final = 10
"""The number of characters of a time that are its day."""


class ForgottenCache:
    """The people who were forgotten, in memory. They are read again when the list has changed."""

    def __init__(self) -> None:
        self._version = -1
        self._people = ForgottenPeople()

    def read(self, connection: SqlConnection) -> ForgottenPeople:
        """The people of the list as of the current transaction."""
        version = read_value(connection, "SELECT version FROM erasure")
        if version != self._version:
            self._people, self._version = read_forgotten(connection), version
        return self._people


def read_forgotten(connection: SqlConnection) -> ForgottenPeople:
    """Read the hashes of all people."""
    found = [secret for (secret,) in read_rows(connection, "SELECT secret FROM forgotten_secret ORDER BY secret")]
    hashes = connection.execute("SELECT kind, hash FROM forgotten_key")
    return ForgottenPeople(found, (KeyHash(kind, hash) for kind, hash in hashes))


def add_forgotten(connection: SqlConnection, people: Iterable[Sequence[KeyHash]], now: str) -> int:
    """Add people, each with the hashes of one person. One whose hashes are all there is not added again.

    Returns the number of people added.
    """
    added = 0
    for hashes in people:
        rows = {row for each in hashes for row in _persons_with(connection, each)}
        if any(all((person, each.kind, each.hash) in rows for each in hashes) for person in {row[0] for row in rows}):
            continue
        _insert(connection, ForgottenPerson(secrets.randbelow(_MAX_ID), now, list(hashes)))
        added += 1
    _count_change(connection, added)
    return added


def _persons_with(connection: SqlConnection, hash: KeyHash) -> list[tuple[int, int, bytes]]:
    sql = "SELECT person, kind, hash FROM forgotten_key WHERE hash = ?"
    return [(person, kind, found) for person, kind, found in read_rows(connection, sql, (hash.hash,))]


def _insert(connection: SqlConnection, person: ForgottenPerson) -> None:
    connection.insert("forgotten", ("id", "forgotten_at"), [(person.id, person.forgotten_at)])
    rows = [(person.id, *hash) for hash in person.hashes]
    connection.insert("forgotten_key", ("person", "kind", "hash"), rows)


def remove_forgotten(connection: SqlConnection, hashes: Iterable[bytes]) -> int:
    """Remove the people who have one of these hashes from the list; returns their number."""
    sql = "SELECT person FROM forgotten_key WHERE hash = ?"
    gone = {person for hash in hashes for (person,) in read_rows(connection, sql, (hash,))}
    for person in sorted(gone):
        connection.execute("DELETE FROM forgotten_key WHERE person = ?", (person,))
        connection.execute("DELETE FROM forgotten WHERE id = ?", (person,))
    _count_change(connection, len(gone))
    return len(gone)


def _count_change(connection: SqlConnection, changed: int) -> None:
    if changed:
        connection.execute("UPDATE erasure SET version = version + 1")


def forgotten_days(connection: SqlConnection) -> list[ForgottenDay]:
    """How many people were forgotten on which day, the last day first."""
    sql = f"SELECT substr(forgotten_at, 1, {_DAY}) AS day, count(*) FROM forgotten GROUP BY 1 ORDER BY 1 DESC"  # noqa: S608
    return [ForgottenDay(day, count) for day, count in read_rows(connection, sql)]


def read_list(connection: SqlConnection) -> ForgottenList:
    """The whole list."""
    found = [secret for (secret,) in read_rows(connection, "SELECT secret FROM forgotten_secret ORDER BY secret")]
    return ForgottenList(found, list(_people(connection)))


def _people(connection: SqlConnection) -> Iterator[ForgottenPerson]:
    sql = (
        "SELECT f.id, f.forgotten_at, k.kind, k.hash FROM forgotten AS f JOIN forgotten_key AS k ON k.person = f.id "
        "ORDER BY f.id, k.kind, k.hash"
    )
    for (id, forgotten_at), rows in groupby(read_rows(connection, sql), key=lambda row: (row[0], row[1])):
        yield ForgottenPerson(id, forgotten_at, [KeyHash(kind, hash) for _, _, kind, hash in rows])


def merge_list(connection: SqlConnection, other: ForgottenList) -> int:
    """Add the people of another list, with its secrets; returns how many were not there."""
    connection.insert_missing("forgotten_secret", ("secret",), [(secret,) for secret in other.secrets])
    known = {id for (id,) in read_rows(connection, "SELECT id FROM forgotten")}
    new = [person for person in other.people if person.id not in known]
    for person in new:
        _insert(connection, person)
    _count_change(connection, len(new))
    return len(new)


def read_erasures(connection: SqlConnection) -> Erasures:
    """Up to where in the log people were forgotten and records deleted."""
    row = connection.execute("SELECT forgotten_seq, deleted_seq FROM erasure WHERE one = 1").fetchone()
    return Erasures(*typed_row(connection, "erasure", 1, row, tuple[int, int]))


def note_deleted(connection: SqlConnection, seq: int) -> None:
    """Note that records were deleted up to this seq."""
    connection.execute("UPDATE erasure SET deleted_seq = ?", (seq,))


def note_forgotten(connection: SqlConnection, seq: int) -> None:
    """Note that people were forgotten up to this seq."""
    connection.execute("UPDATE erasure SET forgotten_seq = ?", (seq,))
