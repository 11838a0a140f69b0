"""What the pages stand on: the accounts, worked on in threads so that no page waits in the serving one, and the API."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final, TypeVar

from letrics.accounts.database import AccountsDatabase, now_ms
from letrics.accounts.passwords import password_matches, prepare
from letrics.accounts.principal import Principal
from letrics.accounts.sessions import SEEN_MS, Session, Sessions, SessionVerifier
from letrics.store.base import StoreAway

T = TypeVar("T")
Ask = Callable[[str, str, bytes, Principal], Awaitable[tuple[int, bytes]]]
"""Asks the API's handlers from within, as `ask("POST", "/v1/contacts", body, principal)`: status and body."""

HASHED_AT_ONCE: Final = 2
"""So many passwords are hashed at a time: each takes 64 MiB and a core."""

_MAX_WAITING: Final = 40


class Busy(Exception):
    """So many passwords are waiting to be checked that one more would not be in time."""


class Site:
    """One server process's pages. `https` says that people reach them over HTTPS even where the request looks plain;
    links begin with `public_url`, or where it is empty with the host of the request. `clock` gives milliseconds since
    1970; `home` is the directory that commands shown on pages name with --home, empty where they need not.
    """

    def __init__(
        self,
        accounts: Path,
        sessions: SessionVerifier,
        ask: Ask,
        *,
        https: bool = False,
        public_url: str = "",
        home: str = "",
        clock: Callable[[], int] = now_ms,
    ) -> None:
        self.sessions: Final = sessions
        self.ask: Final = ask
        self.https: Final = https
        self.public_url: Final = public_url
        self.home: Final = home
        self.clock: Final = clock
        self._path = accounts
        self._database: AccountsDatabase | None = None
        self._desk = ThreadPoolExecutor(1, "accounts")
        self._hashing = ThreadPoolExecutor(HASHED_AT_ONCE, "passwords")
        self._waiting = 0
        self._touched: dict[int, int] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    async def accounts(self, work: Callable[[AccountsDatabase], T]) -> T:
        """Do `work` with the accounts database, in a thread of its own; what it changed is seen here at once.

        Raises StoreAway, and whatever `work` raises.
        """
        try:
            return await asyncio.get_running_loop().run_in_executor(self._desk, self._at_desk, work)
        finally:
            self.sessions.forget()

    async def password_matches(self, stored: str | None, password: str) -> bool:
        """Whether it is the password, in the same time whether or not there is one. Raises Busy."""
        if self._waiting >= _MAX_WAITING:
            raise Busy
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._hashing, _check, stored, password)
        finally:
            self._waiting -= 1

    def touch(self, session: Session, address: str) -> None:
        """Note that the session is in use; written at most once a minute, and nobody waits for it."""
        now = now_ms()
        if now - max(session.last_seen_at, self._touched.get(session.id, 0)) < SEEN_MS:
            return
        if len(self._touched) > 10_000:
            self._touched.clear()
        self._touched[session.id] = now
        task = asyncio.get_running_loop().create_task(self._write_seen(session.id, now, address))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def close(self) -> None:
        """To be called once nothing is served any more."""
        self._desk.submit(self._close_database).result()
        self._desk.shutdown()
        self._hashing.shutdown()

    async def _write_seen(self, id: int, now: int, address: str) -> None:
        try:
            await self.accounts(lambda database: Sessions(database).seen(id, now, address))
        except StoreAway:
            self._touched.pop(id, None)

    def _at_desk(self, work: Callable[[AccountsDatabase], T]) -> T:
        if self._database is None:
            self._database = AccountsDatabase(self._path, create=False)
        try:
            self._database.renew()
            return work(self._database)
        except StoreAway:
            self._close_database()
            raise

    def _close_database(self) -> None:
        if self._database is not None:
            self._database.close()
            self._database = None


def _check(stored: str | None, password: str) -> bool:
    prepare()
    return password_matches(stored, password)
