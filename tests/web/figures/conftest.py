"""A service over the real store and engine, with pages and one user, for numbers that must be those of the API."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from letrics.accounts.authenticator import LocalAuthenticator
from letrics.accounts.database import AccountsDatabase
from letrics.accounts.tokens import Tokens
from letrics.accounts.users import Users
from letrics.api.application import Application
from letrics.api.backends import Backends
from letrics.api.endpoints import build_table
from letrics.api.internal_api import InternalApi
from letrics.api.metrics import Metrics
from letrics.search import SearchService
from letrics.store.documents import LocalDocuments
from letrics.web.asgi import build_pages
from letrics.web.site import Site
from tests.api.caller import Caller
from tests.contract.world import put
from tests.matrix.pairs import DEFAULT, NAIVE, Pair
from tests.office import ADA, CHEAP_HASHER, PASSWORD
from tests.web.browser import Browser


class AskedSearch(SearchService):
    """Notes the names of the methods that were called."""

    asked: list[str]

    def __getattribute__(self, name: str) -> Any:
        if not name.startswith("_") and name != "asked":
            self.asked.append(name)
        return super().__getattribute__(name)


@dataclass
class Real:
    """The service: as programs call it, as its own pages ask it, and in the browser of a signed-in user."""

    api: Caller
    search: AskedSearch
    browser: Browser


@contextmanager
def served(
    path: Path, loop: asyncio.AbstractEventLoop, accounts: AccountsDatabase, pair: Pair, *, filled: bool = True
) -> Iterator[Real]:
    """A service over a pair of store and engine, with the small world or without records."""
    backend = pair.store(path)
    store = backend.open(create=True)
    if filled:
        put(store)
    made = pair.engine(path, 60_000)
    made.load(store)
    engine = made.engine
    Users(accounts).add(ADA, password=PASSWORD)
    token = Tokens(accounts).create(ADA, "tests")[0]
    metrics, authenticator = Metrics(), LocalAuthenticator.over(accounts)
    backends = Backends(engine, LocalDocuments(store), backend.open, LocalAuthenticator.over(accounts))
    table = build_table(backends, metrics)
    internal = InternalApi(table, authenticator)
    search = AskedSearch(engine, backends.store)
    search.asked = []
    open_accounts = partial(AccountsDatabase, path / "accounts.db", create=False, hasher=CHEAP_HASHER)
    site = Site(open_accounts, authenticator, internal.ask, search, hasher=CHEAP_HASHER)
    app = Application(table, backends, metrics, build_pages(site), internal=internal)
    browser = Browser(app, loop)
    browser.sign_in(ADA, PASSWORD)
    yield Real(Caller(app, loop, token), search, browser)
    loop.run_until_complete(asyncio.sleep(0))
    site.close()
    store.close()


@pytest.fixture(params=[DEFAULT, NAIVE], ids=str)
def pair(request: pytest.FixtureRequest) -> Pair:
    """The store and the engine of the service. A test overrides it with another pair."""
    found: Pair = request.param
    return found


@pytest.fixture
def real(tmp_path: Path, loop: asyncio.AbstractEventLoop, accounts: AccountsDatabase, pair: Pair) -> Iterator[Real]:
    """With the small world."""
    with served(tmp_path, loop, accounts, pair) as made:
        yield made


@pytest.fixture
def bare(tmp_path: Path, loop: asyncio.AbstractEventLoop, accounts: AccountsDatabase, pair: Pair) -> Iterator[Real]:
    """Without records."""
    with served(tmp_path, loop, accounts, pair, filled=False) as made:
        yield made
