"""The requests of the last 24 hours that had an Idempotency-Key, and their responses: a SQLite file in the home.

It is a separate file, so that these writes neither wait for an import nor empty the cache of tokens. Keys and requests
are stored as digests, responses as they were sent.
"""

from __future__ import annotations

import secrets
import threading
import zlib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

import apsw
import msgspec

from letrics.accounts.database import now_ms
from letrics.api.response import ApiResponse
from letrics.identity.mentions import Mentions
from letrics.store.connection import Away, open_sqlite, transaction
from letrics.store.migrate import Migration, load_migrations, migrate
from letrics.store.sql import read_rows

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
def _migrations() -> tuple[Migration, ...]:
    return load_migrations("letrics.api.migrations")


class IdempotencyFile:
    """Requests by key. Several processes may have the file open; the methods may be called in any thread.

    The file is opened by the first call, and created if it is missing. Every method may raise StoreAway.
    """

    def __init__(self, path: Path, clock: Callable[[], int] = now_ms) -> None:
        self._path = path
        self._clock = clock
        self._away = Away(path)
        self._lock = threading.Lock()
        self._opened: apsw.Connection | None = None

    def begin(self, key: bytes, head: bytes) -> StoredResponse | bytes:
        """Begin a request; returns its owner. If the request has been made before, returns the response.

        A request whose process ended without a response is begun again. Raises StillRunning, and OtherRequest if the
        key was used with another `head`.
        """
        with self._lock, self._away, transaction(connection := self._connection()):
            now = self._clock()
            connection.execute("DELETE FROM request WHERE created_at <= ?", (now - KEPT_MS,))
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
                if running_until > now:
                    raise StillRunning
            owner = secrets.token_bytes(16)
            connection.execute(
                "INSERT OR REPLACE INTO request (key, head, owner, created_at, running_until) VALUES (?, ?, ?, ?, ?)",
                (key, head, owner, now, now + LEASE_MS),
            )
            return owner

    def renew(self, key: bytes, owner: bytes) -> None:
        """Note that a request is still running."""
        self._write(
            "UPDATE request SET running_until = ? WHERE key = ? AND owner = ? AND running_until IS NOT NULL",
            self._clock() + LEASE_MS, key, owner,
        )  # fmt: skip

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

    def erase(self, people: Mentions) -> None:
        """Empty the texts of stored responses that mention one of the people. Does nothing if the file is missing."""
        if self._opened is None and not self._path.exists():
            return
        with self._lock, self._away, transaction(connection := self._connection()):
            rows = read_rows(connection, "SELECT key, response FROM request WHERE response IS NOT NULL")
            for key, stored in rows:
                sent = zlib.decompress(stored)
                if people.are_in(sent.decode("utf-8", "replace")):
                    left = msgspec.json.encode(people.without(msgspec.json.decode(sent)))
                    connection.execute("UPDATE request SET response = ? WHERE key = ?", (zlib.compress(left), key))

    def sweep(self) -> None:
        """Delete the requests that are older than 24 hours. Does nothing if no request ever had a key."""
        if self._opened is not None or self._path.exists():
            self._write("DELETE FROM request WHERE created_at <= ?", self._clock() - KEPT_MS)

    def close(self) -> None:
        """Close the file if it is open."""
        with self._lock:
            opened, self._opened = self._opened, None
            if opened is not None:
                opened.close()

    def _write(self, sql: str, *values: object) -> None:
        with self._lock, self._away, transaction(connection := self._connection()):
            connection.execute(sql, values)

    def _connection(self) -> apsw.Connection:
        if self._opened is None:
            opened = open_sqlite(self._path, busy_ms=_BUSY_MS)
            try:
                opened.pragma("secure_delete", "ON")
                migrate(opened, _migrations())
            except BaseException:
                opened.close(True)
                raise
            self._opened = opened
        return self._opened
