"""A PostgreSQL primary crashes: documents, tokens and sessions are read from its standby until there is a primary."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest

from letrics.accounts.last_used import LastUsed
from letrics.accounts.remote_authenticator import RemoteAuthenticator
from letrics.accounts.sessions import Sessions
from letrics.accounts.tokens import Tokens
from letrics.accounts.users import Users
from letrics.backends.postgres import PostgresBackend
from letrics.backends.postgres_accounts import PostgresAccounts
from letrics.errors import LetricsError
from letrics.identity.patches import ContactPatch
from letrics.store.base import Position, StoreAway
from letrics.store.remote_documents import RemoteDocuments
from tests.servers.postgres import PostgresServer, running_server, running_standby
from tests.waiting import wait_for

ANN = "ann@people.example"


class Pair:
    """A primary and its standby, what a server reads from them, and the position of its index."""

    def __init__(self, primary: PostgresServer, standby: PostgresServer, directory: Path) -> None:
        self.primary = primary
        self.standby = standby
        url = f"postgresql://letrics@127.0.0.1:{primary.port},127.0.0.1:{standby.port}/letrics"
        self.store = PostgresBackend(url, directory)
        self.accounts = PostgresAccounts(url)
        self.index: Position | None = None
        self.documents: RemoteDocuments = self.store.open_documents(lambda: self.index)
        self.authenticator: RemoteAuthenticator = self.accounts.open_authenticator(LastUsed(self.accounts.open))

    def add_token(self) -> str:
        """Add a user with a token; returns its secret."""
        with self.accounts.open(create=True) as accounts:
            Users(accounts).add(ANN)
            return Tokens(accounts).create(ANN, "x")[0]

    def lag(self) -> None:
        """Stop the standby, which then lacks what follows."""
        self.wait_for_standby()
        self.standby.stop()

    def crash(self) -> None:
        """End the primary, and start the standby if it was stopped."""
        self.primary.stop("immediate")
        self.standby.start()

    def put(self, id: str) -> None:
        """Store a contact; the index has it as well."""
        with self.store.open(create=True) as store:
            store.put_contacts([ContactPatch(external_id=id, full_name="Ann Archer")])
            self.index = store.position()

    def has(self, id: str) -> bool:
        return asyncio.run(self.documents.find("contacts", id)) is not None

    def accepts(self, token: str) -> bool:
        try:
            asyncio.run(self.authenticator.verify(token))
        except LetricsError:
            return False
        return True

    def wait_for_standby(self) -> None:
        """Wait until the standby has what the primary has."""
        with psycopg.connect(self.primary.url, autocommit=True) as one, psycopg.connect(self.standby.url) as other:
            row = one.execute("SELECT pg_current_wal_lsn()").fetchone()
            sql = "SELECT pg_last_wal_replay_lsn() >= %s::pg_lsn"
            wait_for(lambda: other.execute(sql, row).fetchone() == (True,), 30)

    def close(self) -> None:
        self.documents.close()
        self.authenticator.close()


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[Pair]:
    with running_server(durable=True) as primary:
        primary.create_database("letrics")
        with running_standby(primary) as standby:
            made = Pair(primary, standby, tmp_path)
            yield made
            made.close()


def is_away(read: Callable[[], object]) -> bool:
    try:
        read()
    except StoreAway:
        return True
    return False


@pytest.mark.slow
def test_reads_go_on_without_a_primary(pair: Pair) -> None:
    pair.put("1")
    with pair.accounts.open(create=True) as accounts:
        Users(accounts).add(ANN)
        used, _ = Tokens(accounts).create(ANN, "used", ["write"])
        unused, _ = Tokens(accounts).create(ANN, "unused")
        revoked, token = Tokens(accounts).create(ANN, "revoked")
        session = Sessions(accounts).open(1)
        assert pair.accepts(used) and pair.accepts(revoked) and pair.has("1")
        Tokens(accounts).revoke(token.id)
        assert not pair.accepts(revoked)
    pair.wait_for_standby()
    pair.primary.stop("immediate")
    for _ in range(3):  # the first request notices that the connection is lost
        assert pair.has("1") and not pair.has("2")
        assert pair.accepts(used) and pair.accepts(unused)
        assert is_away(lambda: pair.accepts(revoked)), "the primary may know it, so it is not refused for ever"
        assert asyncio.run(pair.authenticator.find_session(session)) is not None
        asyncio.run(pair.authenticator.check())
    assert is_away(lambda: pair.put("2"))

    pair.standby.promote()
    pair.put("2")
    with pair.accounts.open() as accounts:
        assert Sessions(accounts).end_all(1) == 1
    wait_for(lambda: asyncio.run(pair.authenticator.find_session(session)) is None, 1)
    assert pair.has("2") and pair.accepts(used)


@pytest.mark.slow
def test_a_standby_that_lacks_changes_is_not_read(pair: Pair) -> None:
    pair.put("1")
    secret = pair.add_token()
    pair.lag()
    pair.put("2")
    with pair.accounts.open() as accounts:
        Tokens(accounts).revoke(Tokens(accounts).all()[0].id)
    assert pair.has("2") and not pair.accepts(secret)
    pair.crash()
    assert is_away(lambda: pair.has("1")) and is_away(lambda: pair.accepts(secret))
    pair.primary.start()
    wait_for(lambda: not is_away(lambda: pair.has("2")), 5)
    assert not pair.accepts(secret)


@pytest.mark.slow
def test_accounts_of_a_standby_must_be_those_of_the_last_primary(pair: Pair) -> None:
    secret = pair.add_token()
    with pair.accounts.open() as accounts:
        other, token = Tokens(accounts).create(ANN, "y")
        assert pair.accepts(secret) and pair.accepts(other)
        pair.lag()
        new, _ = Tokens(accounts).create(ANN, "new")
        assert pair.accepts(new)
        Tokens(accounts).revoke(token.id)  # seen by no request of this process
    asyncio.run(looked_at(pair.authenticator))
    pair.crash()
    for text in (secret, other, new):
        assert is_away(lambda text=text: pair.accepts(text))  # type: ignore[misc]


@pytest.mark.slow
def test_a_new_token_that_a_standby_lacks_is_not_refused(pair: Pair) -> None:
    secret = pair.add_token()
    pair.lag()
    with pair.accounts.open() as accounts:
        new, _ = Tokens(accounts).create(ANN, "new")
    assert pair.accepts(secret) and pair.accepts(new)
    pair.crash()
    assert pair.accepts(secret)
    assert is_away(lambda: pair.accepts(new))
    assert not pair.accepts("ltr_malformed")


async def looked_at(authenticator: RemoteAuthenticator) -> None:
    """Let the authenticator look at the accounts without a request."""
    with suppress(TimeoutError):
        await asyncio.wait_for(authenticator.watch(), 1)


@pytest.mark.slow
def test_a_process_that_has_not_seen_the_primary_accepts_no_tokens(pair: Pair) -> None:
    secret = pair.add_token()
    pair.wait_for_standby()
    pair.primary.stop("immediate")
    assert is_away(lambda: pair.accepts(secret))
