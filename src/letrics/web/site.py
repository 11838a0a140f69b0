"""Services for pages: the accounts database and password hashing, both in threads, and the API."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Final, TypeVar

import argon2

from letrics.accounts.authenticator import Authenticator
from letrics.accounts.base import Accounts, OpenAccounts
from letrics.accounts.database import now_ms
from letrics.accounts.passwords import HASHER, password_matches, prepare
from letrics.accounts.principal import Principal
from letrics.accounts.sessions import SEEN_MS, Session, Sessions
from letrics.search import SearchService
from letrics.store.base import StoreAway

T = TypeVar("T")
Ask = Callable[[str, str, bytes, Principal], Awaitable[tuple[int, bytes]]]
"""Calls the API in this process: `ask("POST", "/v1/contacts", body, principal)` returns the status and the body."""

HASHED_AT_ONCE: Final = 2
"""Maximum number of passwords hashed at the same time. Each uses 64 MiB and one core. One more is reserved for browsers
that the user of the account is known to use."""

_MAX_WAITING: Final = 40
"""Maximum number of password checks that are running or queued. Further ones raise Busy."""


class Busy(Exception):
    """Too many password checks are queued for another one to finish in time."""


class Site:
    """Services and settings for the pages of one server process.

    `https` means that clients use HTTPS even if the request itself is plain HTTP, as behind a proxy. Links start with
    `public_url`, or with the host of the request if it is empty. `home` is the directory for the option --home of
    commands on pages, empty if they do not need it. `clock` returns milliseconds since 1970. `hasher` checks passwords.
    `max_upload` is the maximum size of an uploaded file in bytes. `wait_seconds` is how long a request
    waits for the accounts.
    """

    def __init__(
        self,
        open_accounts: OpenAccounts,
        authenticator: Authenticator,
        ask: Ask,
        search: SearchService,
        *,
        https: bool = False,
        public_url: str = "",
        home: str = "",
        clock: Callable[[], int] = now_ms,
        hasher: argon2.PasswordHasher = HASHER,
        max_upload: int = 1 << 30,
        wait_seconds: float | None = None,
    ) -> None:
        self.authenticator: Final = authenticator
        self.ask: Final = ask
        self.search: Final = search
        self.https: Final = https
        self.public_url: Final = public_url
        self.home: Final = home
        self.clock: Final = clock
        self.max_upload: Final = max_upload
        self._open_accounts = open_accounts
        self._hasher = hasher
        self._wait_seconds = wait_seconds
        self._database: Accounts | None = None
        self._accounts_thread = ThreadPoolExecutor(1, "accounts")
        self._hashing = ThreadPoolExecutor(HASHED_AT_ONCE, "passwords")
        self._hashing_known = ThreadPoolExecutor(1, "passwords-known")
        self._waiting = {False: 0, True: 0}
        self._touched: dict[int, int] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    async def accounts(self, work: Callable[[Accounts], T]) -> T:
        """Run `work` on the accounts database in a dedicated thread. This process sees its changes immediately.

        Raises StoreAway, and the exceptions of `work`.
        """
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(self._wait_seconds):
                return await loop.run_in_executor(self._accounts_thread, self._with_database, work)
        except TimeoutError:
            raise StoreAway("the database of accounts did not respond in time") from None
        finally:
            self.authenticator.forget()

    async def password_matches(self, stored: str | None, password: str, *, known: bool = False) -> bool:
        """Whether the password matches the hash. Takes the same time if there is no hash. Raises Busy.

        `known` says that the request comes from a session or a known browser of the user: others do not delay it.
        """
        if self._waiting[known] >= _MAX_WAITING:
            raise Busy
        self._waiting[known] += 1
        try:
            check = partial(_check, stored, password, self._hasher)
            executor = self._hashing_known if known else self._hashing
            return await asyncio.get_running_loop().run_in_executor(executor, check)
        finally:
            self._waiting[known] -= 1

    def touch(self, session: Session, address: str) -> None:
        """Record that the session is in use. Written in the background, at most once per minute."""
        now = now_ms()
        if abs(now - self._touched.get(session.id, session.last_seen_at)) < SEEN_MS:
            return
        if len(self._touched) > 10_000:
            self._touched.clear()
        self._touched[session.id] = now
        task = asyncio.get_running_loop().create_task(self._write_seen(session.id, now, address))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def close(self) -> None:
        """Close the database and the threads. Call it after the last request."""
        self._accounts_thread.submit(self._close_database).result()
        self._accounts_thread.shutdown()
        self._hashing.shutdown()
        self._hashing_known.shutdown()

    async def _write_seen(self, id: int, now: int, address: str) -> None:
        try:
            await self.accounts(lambda database: Sessions(database).seen(id, now, address))
        except StoreAway:
            self._touched.pop(id, None)

    def _with_database(self, work: Callable[[Accounts], T]) -> T:
        if self._database is None:
            self._database = self._open_accounts()
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


def _check(stored: str | None, password: str, hasher: argon2.PasswordHasher) -> bool:
    prepare(hasher)
    return password_matches(stored, password, hasher)
