"""What several rooms' tests share: an application over the small world, with its tokens."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import pytest

from letrics.accounts.database import AccountsDatabase, now_ms
from letrics.accounts.last_used import LastUsed
from letrics.accounts.sessions import SessionVerifier
from letrics.accounts.tokens import Tokens
from letrics.accounts.users import Users
from letrics.accounts.verifier import Verifier
from letrics.api.application import Application
from letrics.api.backends import Backends
from letrics.api.endpoints import build_table
from letrics.api.hosts import Hosts
from letrics.api.internal_api import InternalApi
from letrics.api.metrics import Metrics
from letrics.engines.base import SearchEngine
from letrics.store.base import Store
from letrics.web.asgi import build_pages
from letrics.web.site import Site
from tests.api.caller import Caller
from tests.api.plain import PlainEngine, PlainStore
from tests.contract.world import COMPANIES, CONTACTS
from tests.office import ADA, BOB, EDI, PASSWORD, Office, opened
from tests.seed import pytest_addoption, pytest_configure, pytest_configure_node, pytest_report_header, seed

__all__ = ["pytest_addoption", "pytest_configure", "pytest_configure_node", "pytest_report_header", "seed"]


@dataclass
class Service:
    """An application over a store and an engine in memory. `tokens` are by what they are good, or no good, for;
    `application` makes another over the same, for the hosts given."""

    api: Caller
    store: PlainStore
    engine: PlainEngine
    tokens: dict[str, str]
    accounts: Path
    application: Callable[[Hosts | None], Application]


@pytest.fixture
def loop() -> Iterator[asyncio.AbstractEventLoop]:
    made = asyncio.new_event_loop()
    yield made
    made.run_until_complete(made.shutdown_default_executor())
    made.close()


@pytest.fixture
def accounts(tmp_path: Path) -> Iterator[AccountsDatabase]:
    """An accounts database of its own for each test."""
    with AccountsDatabase(tmp_path / "accounts.db") as database:
        yield database


@pytest.fixture
def tokens(accounts: AccountsDatabase) -> dict[str, str]:
    """read, write, expired, revoked, and disabled: of a user who is."""
    users, made = Users(accounts), Tokens(accounts)
    users.add("ann@people.example")
    users.add("dan@people.example")
    secrets = {
        "read": made.create("ann@people.example", "reading")[0],
        "write": made.create("ann@people.example", "writing", ["write"])[0],
        "expired": made.create("ann@people.example", "old", expires_ms=now_ms() + 60_000)[0],
        "disabled": made.create("dan@people.example", "gone")[0],
    }
    secrets["revoked"], revoked = made.create("ann@people.example", "lost")
    made.revoke(revoked.id)
    accounts.connection.execute("UPDATE token SET expires_at = created_at WHERE name = 'old'")
    users.disable("dan@people.example")
    return secrets


@pytest.fixture
def service(
    loop: asyncio.AbstractEventLoop, accounts: AccountsDatabase, tokens: dict[str, str], tmp_path: Path
) -> Iterator[Service]:
    """The application over the small world in memory."""
    store = PlainStore(COMPANIES, CONTACTS)
    engine = PlainEngine(store)
    path = tmp_path / "accounts.db"
    opened = cast("Callable[[], Store]", lambda: store)
    backends = Backends(cast("SearchEngine", engine), cast("Store", store), opened, Verifier(accounts), LastUsed(path))
    metrics = Metrics()
    table, sessions = build_table(backends, metrics), SessionVerifier(accounts)
    internal = InternalApi(table, sessions)
    site = Site(path, sessions, internal.ask)

    def application(hosts: Hosts | None = None) -> Application:
        return Application(table, backends, metrics, build_pages(site), internal=internal, hosts=hosts)

    yield Service(Caller(application(), loop, tokens["read"]), store, engine, tokens, path, application)
    site.close()


@pytest.fixture
def api(service: Service) -> Caller:
    """The application over the small world in memory, called with a token that may read."""
    return service.api


@pytest.fixture
def empty(loop: asyncio.AbstractEventLoop, accounts: AccountsDatabase, tmp_path: Path) -> Iterator[Office]:
    """A service without users."""
    with opened(loop, accounts, tmp_path / "accounts.db") as office:
        yield office


@pytest.fixture
def office(empty: Office) -> Office:
    """A service with an admin, ada, a viewer, bob, and an editor, edi."""
    users = Users(empty.accounts)
    users.add(ADA, role="admin", password=PASSWORD)
    users.add(BOB, role="viewer", password=PASSWORD)
    users.add(EDI, role="editor", password=PASSWORD)
    return empty
