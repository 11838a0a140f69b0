"""The tables of people who were forgotten."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Final

from letrics.identity.forgotten import ForgottenPeople, KeyHash
from letrics.store.forgotten_list import Erasures, ForgottenDay, ForgottenList, ForgottenPerson
from letrics.store.sql import SqlConnection, read_rows, read_value
from letrics.store.tables.forgotten_checksums import (
    hash_checksum,
    is_whole_hash,
    read_hashes,
    read_secrets,
    secret_checksum,
    whole_secrets,
)
from letrics.store.tables.typed_rows import typed_row

_MAX_ID: Final = 1 << 62
"""Higher than any id of a person."""
_log: Final = logging.getLogger("letrics.store")
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
    """Read the hashes of all people. Raises StoreDamaged if one of them, or a secret, is damaged."""
    return ForgottenPeople(read_secrets(connection), read_hashes(connection))


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
    rows = [(person.id, *hash, hash_checksum(person.id, hash)) for hash in person.hashes]
    connection.insert("forgotten_key", ("person", "kind", "hash", "checksum"), rows)


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
    """The whole list, without what is damaged, which the log says: a restored backup would lose the rest as well."""
    secrets_of, people = whole_secrets(connection), list(_people(connection))
    kept = len(secrets_of) + sum(len(person.hashes) for person in people)
    sql = "SELECT (SELECT count(*) FROM forgotten_secret) + (SELECT count(*) FROM forgotten_key)"
    if kept < read_value(connection, sql):
        _log.warning("the list of forgotten people is damaged, and a part of it is left out: run `letrics check`")
    return ForgottenList(secrets_of, people)


def _people(connection: SqlConnection) -> Iterator[ForgottenPerson]:
    sql = (
        "SELECT f.id, f.forgotten_at, k.kind, k.hash, k.checksum FROM forgotten AS f JOIN forgotten_key AS k "
        "ON k.person = f.id ORDER BY f.id, k.kind, k.hash"
    )
    for (id, forgotten_at), rows in groupby(read_rows(connection, sql), key=lambda row: (row[0], row[1])):
        hashes = [KeyHash(kind, hash) for _, _, kind, hash, sum_ in rows if is_whole_hash(id, kind, hash, sum_)]
        yield ForgottenPerson(id, forgotten_at, hashes)


def merge_list(connection: SqlConnection, other: ForgottenList) -> int:
    """Add the people of another list, with its secrets; returns how many were not there."""
    secrets_of = [(secret, secret_checksum(secret)) for secret in other.secrets]
    connection.insert_missing("forgotten_secret", ("secret", "checksum"), secrets_of)
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
