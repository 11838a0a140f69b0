"""Authentication by accounts in PostgreSQL."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator

import psycopg
import pytest

from letrics.accounts.last_used import LastUsed
from letrics.accounts.remote_authenticator import RemoteAuthenticator
from letrics.accounts.sessions import Sessions
from letrics.accounts.shared_database import SharedAccounts
from letrics.accounts.tokens import Tokens
from letrics.accounts.users import Users
from letrics.errors import LetricsError
from letrics.store.base import StoreAway, StoreTooNew
from tests.accounts.conftest import empty_database
from tests.matrix.databases import open_postgres
from tests.servers.postgres import new_database

ANN = "ann@people.example"


@pytest.fixture
def url() -> str:
    return empty_database()


@pytest.fixture
def accounts(url: str) -> Iterator[SharedAccounts]:
    with SharedAccounts(open_postgres(url, 2)) as database:
        Users(database).add(ANN)
        yield database


@pytest.fixture
def remote(url: str, accounts: SharedAccounts) -> Iterator[RemoteAuthenticator]:
    """The authenticator of another host, whose regular checks are too rare to notice anything."""
    made = RemoteAuthenticator(lambda: SharedAccounts(open_postgres(url, 2)), steady=lambda: 0.0)
    yield made
    made.close()


def refused(remote: RemoteAuthenticator, token: str) -> bool:
    try:
        asyncio.run(remote.verify(token))
    except LetricsError as error:
        return error.kind.code == 401
    return False


def test_a_revoked_token_is_refused_after_a_notification(accounts: SharedAccounts, remote: RemoteAuthenticator) -> None:
    secret, token = Tokens(accounts).create(ANN, "x", ["write"])
    principal = asyncio.run(remote.verify(secret))
    assert principal.may("write") and principal.token_id == token.id
    assert asyncio.run(remote.account(principal)).email == ANN
    Tokens(accounts).revoke(token.id)
    ends = time.monotonic() + 1
    while not refused(remote, secret):
        assert time.monotonic() < ends, "the revocation takes longer than a second"


def test_an_ended_session_is_none_after_a_notification(accounts: SharedAccounts, remote: RemoteAuthenticator) -> None:
    secret = Sessions(accounts).open(1)
    assert asyncio.run(remote.find_session(secret))
    Sessions(accounts).end_all(1)
    ends = time.monotonic() + 1
    while asyncio.run(remote.find_session(secret)) is not None:
        assert time.monotonic() < ends, "the end takes longer than a second"


def test_regular_checks_notice_what_no_notification_says() -> None:
    url, seconds = new_database(), [0.0]
    remote = RemoteAuthenticator(lambda: SharedAccounts(open_postgres(url, 2)), steady=lambda: seconds[0])
    with SharedAccounts(open_postgres(url, 2)) as accounts:
        Users(accounts).add(ANN)
        secret, token = Tokens(accounts).create(ANN, "x")
    asyncio.run(remote.verify(secret))
    with psycopg.connect(url) as other:
        other.execute("DROP FUNCTION note_changed_accounts CASCADE")
        other.execute("UPDATE accounts_version SET id = gen_random_uuid()")
        other.execute("UPDATE token SET revoked_at = 1 WHERE id = %s", (token.id,))
    seconds[0] += 0.25
    assert refused(remote, secret)
    remote.close()


def test_a_use_of_a_token_is_noted(url: str, accounts: SharedAccounts) -> None:
    used = LastUsed(lambda: SharedAccounts(open_postgres(url, 2)))
    remote = RemoteAuthenticator(lambda: SharedAccounts(open_postgres(url, 2)), used)
    asyncio.run(remote.verify(Tokens(accounts).create(ANN, "x")[0]))
    assert used.flush() == 1
    remote.close()


def test_lost_connections_are_made_again(url: str, accounts: SharedAccounts, remote: RemoteAuthenticator) -> None:
    secret, token = Tokens(accounts).create(ANN, "x")
    asyncio.run(remote.verify(secret))
    with psycopg.connect(url, autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE pid <> pg_backend_pid() "
                      "AND datname = current_database()")  # fmt: skip
        other.execute("UPDATE token SET revoked_at = 1 WHERE id = %s", (token.id,))
    assert refused(remote, secret), "what happened between the two connections was missed"


@pytest.mark.parametrize("error", [StoreAway("down"), StoreTooNew("upgraded")])
def test_accounts_that_cannot_be_read_are_looked_at_again(error: Exception) -> None:
    looks = []

    def fail() -> SharedAccounts:
        looks.append(1)
        raise error

    async def watch(remote: RemoteAuthenticator) -> None:
        watching = asyncio.create_task(remote.watch())
        while len(looks) < 3:
            assert not watching.done()
            await asyncio.sleep(0.01)
        watching.cancel()

    remote = RemoteAuthenticator(fail, seconds=0)
    asyncio.run(watch(remote))
    remote.close()


def test_an_unreachable_database_is_away_in_time() -> None:
    def fail() -> SharedAccounts:
        raise StoreAway("no route to the host")

    remote = RemoteAuthenticator(fail, seconds=0.3)
    with pytest.raises(StoreAway):
        asyncio.run(remote.check())
    remote.close()
