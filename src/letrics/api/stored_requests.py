"""The requests of the last 24 hours that had an Idempotency-Key, and their responses.

They are in a SQLite file in the home, or in the database that several hosts share. The file is a separate one, so that
these writes neither wait for an import nor empty the cache of tokens. Keys and requests are stored as digests, and
responses as they were sent.
"""

from __future__ import annotations

import secrets
import threading
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

import msgspec

from letrics.accounts.database import now_ms
from letrics.api.response import ApiResponse
from letrics.identity.mentions import Mentions
from letrics.store.connection import open_sqlite
from letrics.store.migrate import Migration, load_migrations, migrate
from letrics.store.sql import SqlConnection, read_rows, read_value

KEPT_MS: Final = 24 * 3_600_000
"""Milliseconds for which a response is stored (24 hours)."""
LEASE_MS: Final = 30_000
"""Milliseconds for which a request counts as running without a sign of its process (30 seconds)."""
_BUSY_MS: Final = 5_000
"""Milliseconds that a write waits for another process before it fails."""
_SELECT: Final = (
    "SELECT head, running_until, body_digest, body_size, request_id, status, media_type, headers, response "
    "FROM request WHERE key = ?"
)

_RESPONSES: Final = "SELECT key, response FROM request WHERE key > ? AND response IS NOT NULL ORDER BY key LIMIT ?"
_REPLACE: Final = "UPDATE request SET response = ? WHERE key = ? AND response = ?"
_DELETE_OLD: Final = "DELETE FROM request WHERE created_at <= ? OR created_at > ?"
"""Deletes what is too old, and what was written long before the clock was set back."""
_SHARED_NOW: Final = "SELECT CAST(1000 * extract(epoch FROM clock_timestamp()) AS BIGINT)"
"""The time of PostgreSQL in milliseconds since 1970: the clocks of hosts differ."""
_PART: Final = 100
"""Stored responses that are searched for texts at a time."""


class StillRunning(Exception):
    """A request with this key is running."""


class OtherRequest(Exception):
    """The key was used with a different request."""


class RequestBody(NamedTuple):
    """The SHA-256 of a request's body, and its size in bytes."""

    digest: bytes
    size: int


class StoredResponse(NamedTuple):
    """The response of an earlier request with this body."""

    of_body: RequestBody
    request_id: str
    response: ApiResponse


@cache
def _migrations(package: str) -> tuple[Migration, ...]:
    return load_migrations(package)


class StoredRequests:
    """Requests by key. Several processes may use the same ones; the methods may be called in any thread.

    The first call opens the table by `open_table`, and creates it if it is missing. `exists` says whether there may be
    one. `clock` is the time in milliseconds since 1970; None asks the database, because the clocks of hosts differ.
    Every method may raise StoreAway.
    """

    def __init__(
        self, open_table: Callable[[], SqlConnection], exists: Callable[[], bool],
        clock: Callable[[], int] | None = None,
    ) -> None:  # fmt: skip
        self._open_table = open_table
        self._exists = exists
        self._clock = clock
        self._lock = threading.Lock()
        self._opened: SqlConnection | None = None

    def begin(self, key: bytes, head: bytes) -> StoredResponse | bytes:
        """Begin a request; returns its owner. If the request has been made before, returns the response.

        A request whose process ended without a response is begun again. Raises StillRunning, and OtherRequest if the
        key was used with another `head`.
        """
        with self._writing() as connection:
            now = self._now(connection)
            connection.execute(_DELETE_OLD, (now - KEPT_MS, now + KEPT_MS))
            rows = read_rows(connection, _SELECT, (key,))
            if rows:
                [(known_head, running_until, digest, size, request_id, status, media_type, headers, response)] = rows
                if known_head != head:
                    raise OtherRequest
                if running_until is None:
                    sent = ApiResponse(
                        zlib.decompress(response), status, media_type.encode(),
                        [(name.encode(), value.encode("latin-1")) for name, value in msgspec.json.decode(headers)],
                    )  # fmt: skip
                    return StoredResponse(RequestBody(digest, size), request_id, sent)
                if now < running_until <= now + 2 * LEASE_MS:  # a later one was noted before the clock was set back
                    raise StillRunning
            owner = secrets.token_bytes(16)
            connection.execute("DELETE FROM request WHERE key = ?", (key,))
            connection.execute(
                "INSERT INTO request (key, head, owner, created_at, running_until) VALUES (?, ?, ?, ?, ?)",
                (key, head, owner, now, now + LEASE_MS),
            )
            return owner

    def renew(self, key: bytes, owner: bytes) -> None:
        """Note that a request is still running."""
        with self._writing() as connection:
            connection.execute(
                "UPDATE request SET running_until = ? WHERE key = ? AND owner = ? AND running_until IS NOT NULL",
                (self._now(connection) + LEASE_MS, key, owner),
            )

    def finish(self, key: bytes, owner: bytes, body: RequestBody, request_id: str, response: ApiResponse) -> None:
        """Store the response of a request that this owner began."""
        headers = [(name.decode(), value.decode("latin-1")) for name, value in response.headers]
        self._write(
            "UPDATE request SET running_until = NULL, body_digest = ?, body_size = ?, request_id = ?, status = ?, "
            "media_type = ?, headers = ?, response = ? WHERE key = ? AND owner = ?",
            body.digest, body.size, request_id, response.status, response.media_type.decode(),
            msgspec.json.encode(headers), zlib.compress(response.body), key, owner,
        )  # fmt: skip

    def release(self, key: bytes, owner: bytes) -> None:
        """Forget a request that has no response to store. The key can be used again."""
        self._write("DELETE FROM request WHERE key = ? AND owner = ? AND running_until IS NOT NULL", key, owner)

    def erase(self, people: Mentions, part: int = _PART) -> None:
        """Empty the texts of stored responses that mention one of the people. Does nothing if there are none.

        It reads `part` responses at a time, and other requests can begin meanwhile.
        """
        if not people or (self._opened is None and not self._exists()):
            return
        last = b""
        while True:
            with self._using() as connection:
                rows = read_rows(connection, _RESPONSES, (last, part))
            for key, stored in rows:
                sent = zlib.decompress(stored)
                if people.are_in(sent.decode("utf-8", "replace")):
                    left = msgspec.json.encode(people.without(msgspec.json.decode(sent)))
                    self._write(_REPLACE, zlib.compress(left), key, stored)
            if len(rows) < part:
                return
            last = rows[-1][0]

    def sweep(self) -> None:
        """Delete the requests that are older than 24 hours. Does nothing if no request ever had a key."""
        if self._opened is not None or self._exists():
            with self._writing() as connection:
                now = self._now(connection)
                connection.execute(_DELETE_OLD, (now - KEPT_MS, now + KEPT_MS))

    def close(self) -> None:
        """Close the table if it is open."""
        with self._lock:
            opened, self._opened = self._opened, None
            if opened is not None:
                opened.close()

    def _now(self, connection: SqlConnection) -> int:
        if self._clock is not None:
            return self._clock()
        now: int = read_value(connection, _SHARED_NOW)
        return now

    def _write(self, sql: str, *values: object) -> None:
        with self._writing() as connection:
            connection.execute(sql, values)

    @contextmanager
    def _writing(self) -> Iterator[SqlConnection]:
        with self._using() as connection, connection.writing():
            yield connection

    @contextmanager
    def _using(self) -> Iterator[SqlConnection]:
        with self._lock:
            if self._opened is None:
                self._opened = self._open_table()
            with self._opened.away():
                yield self._opened


class IdempotencyFile(StoredRequests):
    """Requests in the SQLite file at `path`."""

    def __init__(self, path: Path, clock: Callable[[], int] = now_ms) -> None:
        super().__init__(lambda: _open_file(path), path.exists, clock)


class SharedRequests(StoredRequests):
    """Requests in a database on a server, to which `connect` opens a connection."""

    def __init__(self, connect: Callable[[], SqlConnection], clock: Callable[[], int] | None = None) -> None:
        super().__init__(lambda: _open_shared(connect()), lambda: True, clock)


def _open_file(path: Path) -> SqlConnection:
    opened = open_sqlite(path, busy_ms=_BUSY_MS)
    try:
        with opened.away():
            opened.pragma("secure_delete", "ON")
            migrate(opened, _migrations("letrics.api.migrations"))
    except BaseException:
        opened.close(True)
        raise
    return opened


def _open_shared(opened: SqlConnection) -> SqlConnection:
    try:
        with opened.away():
            migrate(opened, _migrations("letrics.api.postgres_migrations"), "request_migration")
    except BaseException:
        opened.close()
        raise
    return opened
