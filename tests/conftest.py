"""Fixtures of several folders: an accounts database, and the application over the small world."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from letrics.accounts.database import AccountsDatabase, now_ms
from letrics.accounts.tokens import Tokens
from letrics.accounts.users import Users
from letrics.api.application import Application
from letrics.search.service import DEFAULT_SIZES, WalkSizes
from tests.api.caller import Caller
from tests.api.plain import PlainEngine, PlainStore
from tests.collecting import pytest_collection
from tests.contract.world import COMPANIES, CONTACTS
from tests.office import ADA, BOB, CHEAP_HASHER, EDI, PASSWORD, Office, opened
from tests.seed import pytest_addoption, pytest_configure, pytest_configure_node, pytest_report_header, seed

__all__ = [
    "pytest_addoption",
    "pytest_collection",
    "pytest_configure",
    "pytest_configure_node",
    "pytest_report_header",
    "seed",
]


@dataclass
class Service:
    """An application over a store and an engine in memory.

    `tokens` are API tokens by their scope or state. `application` creates another application over the same data, see
    `tests.office.Office`.
    """

    api: Caller
    store: PlainStore
    engine: PlainEngine
    tokens: dict[str, str]
    accounts: Path
    application: Callable[..., Application]


@pytest.fixture
def loop() -> Iterator[asyncio.AbstractEventLoop]:
    made = asyncio.new_event_loop()
    yield made
    made.run_until_complete(made.shutdown_default_executor())
    made.close()


@pytest.fixture
def accounts(tmp_path: Path) -> Iterator[AccountsDatabase]:
    """A new accounts database."""
    with AccountsDatabase(tmp_path / "accounts.db", hasher=CHEAP_HASHER) as database:
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
def plain_store() -> PlainStore:
    """The store of `service`. A test overrides it with another one."""
    return PlainStore(COMPANIES, CONTACTS)


@pytest.fixture
def plain_engine(plain_store: PlainStore) -> PlainEngine:
    """The engine of `service`. A test overrides it with another one."""
    return PlainEngine(plain_store)


@pytest.fixture
def export_sizes() -> WalkSizes:
    """The sizes of exports of `service`. A test overrides them with other ones."""
    return DEFAULT_SIZES


@pytest.fixture
def service(
    loop: asyncio.AbstractEventLoop, accounts: AccountsDatabase, tokens: dict[str, str], tmp_path: Path,
    plain_store: PlainStore, plain_engine: PlainEngine, export_sizes: WalkSizes,
) -> Iterator[Service]:  # fmt: skip
    """The application over the small world in memory."""
    path = tmp_path / "accounts.db"
    with opened(loop, accounts, path, store=plain_store, engine=plain_engine, export_sizes=export_sizes) as office:
        yield Service(office.caller(tokens["read"]), plain_store, plain_engine, tokens, path, office.application)


@pytest.fixture
def api(service: Service) -> Caller:
    """The application over the small world in memory, called with a token that may read."""
    return service.api


@pytest.fixture
def empty(loop: asyncio.AbstractEventLoop, accounts: AccountsDatabase, tmp_path: Path) -> Iterator[Office]:
    """A service without users."""
    with opened(loop, accounts, tmp_path / "accounts.db", with_imports=True) as office:
        yield office


@pytest.fixture
def office(empty: Office) -> Office:
    """A service with an admin, ada, a viewer, bob, and an editor, edi."""
    users = Users(empty.accounts)
    users.add(ADA, role="admin", password=PASSWORD)
    users.add(BOB, role="viewer", password=PASSWORD)
    users.add(EDI, role="editor", password=PASSWORD)
    return empty
