"""Services of pages: the accounts database and password checks in threads."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine, Iterator
from functools import partial
from pathlib import Path
from typing import Any, Literal, TypeVar, cast

import argon2
import pytest

from letrics.accounts.authenticator import LocalAuthenticator
from letrics.accounts.database import AccountsDatabase
from letrics.accounts.principal import Principal
from letrics.accounts.sessions import SEEN_MS, Sessions
from letrics.accounts.users import UnknownUser, Users
from letrics.search import SearchService
from letrics.store.base import StoreAway
from letrics.web.site import HASHED_AT_ONCE, Busy, Site
from tests.office import ADA, BOB, CHEAP_HASHER, PASSWORD

T = TypeVar("T")


class SlowHasher(argon2.PasswordHasher):
    """Compares no password before `go`. `running` is the number of comparisons that wait for it."""

    def __init__(self) -> None:
        super().__init__(time_cost=1, memory_cost=8, parallelism=1)
        self.go = threading.Event()
        self.running = 0

    def verify(self, hash: str | bytes, password: str | bytes) -> Literal[True]:
        self.running += 1
        self.go.wait(30)
        return super().verify(hash, password)


async def unused(method: str, path: str, body: bytes, principal: Principal) -> tuple[int, bytes]:
    raise AssertionError


@pytest.fixture
def hasher() -> argon2.PasswordHasher:
    return CHEAP_HASHER


@pytest.fixture
def site(accounts: AccountsDatabase, tmp_path: Path, hasher: argon2.PasswordHasher) -> Iterator[Site]:
    """A site over a database with a user, ada."""
    Users(accounts).add(ADA, password=PASSWORD)
    with AccountsDatabase(tmp_path / "accounts.db") as served:
        made = Site(
            partial(AccountsDatabase, tmp_path / "accounts.db", create=False, hasher=hasher),
            LocalAuthenticator.over(served),
            unused,
            cast("SearchService", None),
            hasher=hasher,
        )
        yield made
        made.close()


@pytest.fixture
def run(loop: asyncio.AbstractEventLoop) -> Any:
    def run(of: Coroutine[Any, Any, T]) -> T:
        return loop.run_until_complete(of)

    return run


def test_accounts_runs_in_a_thread_and_is_seen_at_once(site: Site, accounts: AccountsDatabase, run: Any) -> None:
    assert run(site.accounts(lambda _: threading.current_thread().name)).startswith("accounts")
    secret = Sessions(accounts).open(1)
    assert run(site.authenticator.find_session(secret)) is not None
    run(site.accounts(lambda database: Sessions(database).end_all(1)))
    assert run(site.authenticator.find_session(secret)) is None


def test_accounts_raises_what_the_work_raises(site: Site, run: Any) -> None:
    with pytest.raises(UnknownUser):
        run(site.accounts(lambda database: Users(database).get(BOB)))


def test_accounts_of_a_removed_database_is_away_until_it_is_back(site: Site, tmp_path: Path, run: Any) -> None:
    path = tmp_path / "accounts.db"
    assert run(site.accounts(lambda database: Users(database).exist()))
    path.rename(tmp_path / "away.db")
    for _ in range(2):
        with pytest.raises(StoreAway):
            run(site.accounts(lambda database: Users(database).exist()))
    (tmp_path / "away.db").rename(path)
    assert run(site.accounts(lambda database: Users(database).exist()))


def test_password_matches_its_hash_alone(site: Site, run: Any) -> None:
    stored = CHEAP_HASHER.hash(PASSWORD)
    given = [(stored, PASSWORD), (stored, "wrong password"), (None, PASSWORD), ("no hash", PASSWORD)]
    assert [run(site.password_matches(*pair)) for pair in given] == [True, False, False, False]


@pytest.mark.parametrize("hasher", [SlowHasher()])
def test_password_checks_over_the_limit_are_refused(site: Site, hasher: SlowHasher, run: Any) -> None:
    stored = CHEAP_HASHER.hash(PASSWORD)

    async def flood() -> list[bool | BaseException]:
        checks = [asyncio.create_task(site.password_matches(stored, PASSWORD)) for _ in range(60)]
        while sum(check.done() for check in checks) < 20:
            await asyncio.sleep(0.01)
        assert hasher.running <= HASHED_AT_ONCE
        hasher.go.set()
        return await asyncio.gather(*checks, return_exceptions=True)

    results = run(flood())
    assert results[:40] == [True] * 40 and all(isinstance(result, Busy) for result in results[40:])
    assert run(site.password_matches(stored, PASSWORD))


def test_touch_writes_a_use_at_most_once_a_minute(site: Site, accounts: AccountsDatabase, run: Any) -> None:
    secret = Sessions(accounts).open(1, address="192.0.2.1")
    accounts.connection.execute("UPDATE session SET last_seen_at = last_seen_at - ?", (SEEN_MS,))
    session = run(site.authenticator.find_session(secret))
    assert session is not None

    async def touch(address: str) -> None:
        site.touch(session, address)
        await asyncio.sleep(0)  # the task is queued for the thread
        await site.accounts(lambda _: None)

    run(touch("192.0.2.2"))
    (first,) = Sessions(accounts).of(1)
    assert first.last_seen_at > session.last_seen_at and first.address == "192.0.2.2"
    run(touch("192.0.2.3"))
    assert Sessions(accounts).of(1) == [first]
