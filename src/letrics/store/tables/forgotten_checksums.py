"""Checksums of the list of forgotten people: with a damaged secret or hash, people would be let in again in silence."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from typing import Final
from zlib import crc32

import msgspec

from letrics.identity.forgotten import KeyHash
from letrics.plurals import counted, counted_people, inflected
from letrics.store.base import StoreDamaged
from letrics.store.sql import SqlConnection, read_rows

_SECRET_BYTES: Final = 32
"""The number of bytes of a secret."""
_EFFECT: Final = "People who were forgotten would not be recognised"
_ALONE: Final = "SELECT DISTINCT person FROM forgotten_key WHERE person NOT IN (SELECT id FROM forgotten)"
"""Selects the people who have hashes and are not in the table of people."""
_pack: Final = msgspec.msgpack.encode


def secret_checksum(secret: bytes) -> int:
    """The checksum of a secret."""
    return crc32(secret)


def hash_checksum(person: int, hash: KeyHash) -> int:
    """The checksum of a hash of a person."""
    return crc32(_pack((person, hash.kind, hash.hash)))


def is_whole_hash(person: int, kind: int, hash: bytes, checksum: int | None) -> bool:
    """Whether a hash is the one that was written, as far as that is known."""
    return checksum is None or checksum == hash_checksum(person, KeyHash(kind, hash))


def whole_secrets(connection: SqlConnection) -> list[bytes]:
    """The secrets that are not damaged."""
    return [secret for secret, is_whole in _read_secrets(connection) if is_whole]


def read_secrets(connection: SqlConnection) -> list[bytes]:
    """The secrets. Raises StoreDamaged if one is damaged, or if there is none."""
    found = _read_secrets(connection)
    damaged = [at for at, (_, is_whole) in enumerate(found, 1) if not is_whole]
    if damaged or not found:
        raise StoreDamaged(connection.database, "forgotten_secret", damaged[0] if damaged else 1, _EFFECT)
    return [secret for secret, _ in found]


def _read_secrets(connection: SqlConnection) -> list[tuple[bytes, bool]]:
    """The secrets, and whether each is the one that was written. One statement, so that a secret that another process
    adds meanwhile is no damage."""
    found = read_rows(connection, "SELECT secret, checksum FROM forgotten_secret ORDER BY secret")
    return [
        (secret, isinstance(secret, bytes) and checksum in (None, secret_checksum(secret)))
        for secret, checksum in found
    ]


def read_hashes(connection: SqlConnection) -> Iterator[KeyHash]:
    """The hashes of all people. Raises StoreDamaged if one is damaged."""
    for person, kind, hash, checksum in connection.execute("SELECT person, kind, hash, checksum FROM forgotten_key"):
        if not is_whole_hash(person, kind, hash, checksum):
            raise StoreDamaged(connection.database, "forgotten_key", person, _EFFECT)
        yield KeyHash(kind, hash)


def forgotten_faults(connection: SqlConnection) -> Iterator[str]:
    """Descriptions of what is damaged in the list of forgotten people."""
    fix = f"{_EFFECT}, so imports are refused: restore a backup, or run `letrics check --repair` and forget them again"
    if not read_rows(connection, "SELECT 1 FROM forgotten_secret") or _damaged_secrets(connection):
        yield f"a secret of the list of forgotten people is damaged. {fix}"
    damaged = _damaged_hashes(connection)
    if damaged:
        are = inflected(len(damaged), "{is|are}")
        yield f"{counted(len(damaged), 'entry')} of the list of forgotten people {are} damaged. {fix}"
    alone = read_rows(connection, _ALONE)
    if alone:
        have = inflected(len(alone), "{has|have}")
        some = f"{counted_people(len(alone))} on the list of forgotten people"
        yield f"{some} {have} no date: run `letrics check --repair`"


def repair_forgotten(connection: SqlConnection, now: str) -> list[str]:
    """Remove what is damaged in the list of forgotten people; returns what was done. Runs inside the caller's
    transaction."""
    done = list[str]()
    for secret in _damaged_secrets(connection):
        connection.execute("DELETE FROM forgotten_secret WHERE secret = ?", (secret,))
        done.append("a damaged secret removed: people who were forgotten with it are not recognised, forget them again")
    if not read_rows(connection, "SELECT 1 FROM forgotten_secret"):
        secret = secrets.token_bytes(_SECRET_BYTES)
        connection.execute("INSERT INTO forgotten_secret VALUES (?, ?)", (secret, secret_checksum(secret)))
        done.append("the list of forgotten people has a new secret")
    damaged = _damaged_hashes(connection)
    for person, kind, hash in damaged:
        connection.execute("DELETE FROM forgotten_key WHERE person = ? AND kind = ? AND hash = ?", (person, kind, hash))
    if damaged:
        done.append(f"{counted(len(damaged), 'entry')} of the list of forgotten people removed")
    alone = read_rows(connection, _ALONE)
    connection.insert("forgotten", ("id", "forgotten_at"), [(person, now) for (person,) in alone])
    if alone:
        done.append(f"{counted_people(len(alone))} of the list of forgotten people dated today")
    if done:
        connection.execute("UPDATE erasure SET version = version + 1")
    return done


def add_forgotten_checksums(connection: SqlConnection) -> None:
    """Add the checksums of a list that an earlier version wrote, when a database is upgraded."""
    for (secret,) in read_rows(connection, "SELECT secret FROM forgotten_secret"):
        checksum = secret_checksum(secret)
        connection.execute("UPDATE forgotten_secret SET checksum = ? WHERE secret = ?", (checksum, secret))
    for person, kind, hash in read_rows(connection, "SELECT person, kind, hash FROM forgotten_key"):
        connection.execute(
            "UPDATE forgotten_key SET checksum = ? WHERE person = ? AND kind = ? AND hash = ?",
            (hash_checksum(person, KeyHash(kind, hash)), person, kind, hash),
        )


def _damaged_secrets(connection: SqlConnection) -> list[bytes]:
    return [secret for secret, is_whole in _read_secrets(connection) if not is_whole]


def _damaged_hashes(connection: SqlConnection) -> list[tuple[int, int, bytes]]:
    found = connection.execute("SELECT person, kind, hash, checksum FROM forgotten_key")
    return [
        (person, kind, hash)
        for person, kind, hash, checksum in found
        if not is_whole_hash(person, kind, hash, checksum)
    ]
