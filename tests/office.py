"""A service with pages over an empty accounts database, and browsers that use it."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, cast

import argon2
from starlette.routing import BaseRoute

from letrics.accounts.authenticator import LocalAuthenticator
from letrics.accounts.database import AccountsDatabase, now_ms
from letrics.accounts.last_used import LastUsed
from letrics.accounts.sessions import SessionVerifier
from letrics.accounts.verifier import CHECK_SECONDS, Verifier
from letrics.api.application import Application
from letrics.api.auth import Buckets
from letrics.api.backends import Backends
from letrics.api.endpoints import build_table
from letrics.api.hosts import Hosts
from letrics.api.import_endpoints import Imports
from letrics.api.import_jobs import ImportJobs
from letrics.api.internal_api import InternalApi
from letrics.api.metrics import Metrics
from letrics.api.routes import Table
from letrics.engines.base import SearchEngine
from letrics.ingest.json_records import read_json_records
from letrics.search.service import DEFAULT_SIZES, WalkSizes
from letrics.store.base import Store
from letrics.store.documents import LocalDocuments
from letrics.web.asgi import Pages, all_routes
from letrics.web.site import Site
from tests.api.caller import Caller
from tests.api.plain import PlainEngine, PlainStore
from tests.contract.world import COMPANIES, CONTACTS
from tests.web.browser import Browser

ADA, BOB, EDI = "ada@people.example", "bob@people.example", "edi@people.example"
PASSWORD = "correct horse"


MAX_UPLOAD = 100_000
"""The maximum size of an uploaded file, in bytes."""
CHEAP_HASHER = argon2.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
"""Hashes with the least cost that argon2 allows, for tests that are not about the cost."""


@dataclass
class Office:
    """A service in this process. `accounts` is another connection to its accounts database, as of another process."""

    app: Application
    loop: asyncio.AbstractEventLoop
    accounts: AccountsDatabase
    store: PlainStore
    engine: PlainEngine
    internal: InternalApi
    application: Callable[..., Application]
    """Creates another application over the same data, with other `hosts`, another `limiter` or another `table`."""
    home: Path
    """The directory of the accounts database, and of uploads."""
    ahead_ms: int = 0
    """How far the clock of the pages is ahead of the real one."""

    def browser(self, **kind: Any) -> Browser:
        return Browser(self.app, self.loop, **kind)

    def signed_in(self, email: str, **kind: str) -> Browser:
        browser = self.browser(**kind)
        page = browser.sign_in(email, PASSWORD)
        assert (page.status, page.location) == (303, "/"), page.text
        return browser

    def caller(self, token: str) -> Caller:
        return Caller(self.app, self.loop, token)

    def ask(self, token: str) -> int:
        """The status of a search with this token."""
        return self.caller(token).get("/v1/contacts").status


@contextmanager
def opened(
    loop: asyncio.AbstractEventLoop,
    accounts: AccountsDatabase,
    path: Path,
    *,
    store: PlainStore | None = None,
    engine: PlainEngine | None = None,
    open_store: Callable[[], Store] | None = None,
    export_sizes: WalkSizes = DEFAULT_SIZES,
    https: bool = False,
    public_url: str = "",
    home: str = "",
    hasher: argon2.PasswordHasher = CHEAP_HASHER,
    routes: Sequence[BaseRoute] = (),
    with_imports: bool = False,
) -> Iterator[Office]:
    """A service over the accounts database at `path`, with the small world unless a store is given.

    `open_store` opens another store, for work in threads. `routes` are added to the pages. With
    `with_imports`, files can be uploaded. The service looks for changes of accounts at every request.
    """
    store = store or PlainStore(COMPANIES, CONTACTS)
    engine = engine or PlainEngine(store)
    open_accounts = partial(AccountsDatabase, path, create=False, hasher=hasher)
    with AccountsDatabase(path) as served:
        verifier = Verifier(served, steady=itertools.count(0.0, CHECK_SECONDS).__next__)
        authenticator = LocalAuthenticator(verifier, SessionVerifier(served))
        opened_store = open_store or cast("Callable[[], Store]", lambda: store)
        last_used, documents = LastUsed(open_accounts), LocalDocuments(cast("Store", store))
        backends = Backends(cast("SearchEngine", engine), documents, opened_store, authenticator, last_used)
        metrics = Metrics()
        jobs = ImportJobs(path.parent)
        imports = Imports(backends, jobs, MAX_UPLOAD) if with_imports else None
        table = build_table(backends, metrics, export_sizes, imports, read_records=read_json_records)
        internal = InternalApi(table, authenticator, https=https)
        site = Site(
            open_accounts,
            authenticator,
            internal.ask,
            backends.search,
            https=https,
            public_url=public_url,
            home=home,
            clock=lambda: now_ms() + made.ahead_ms,
            hasher=hasher,
            max_upload=MAX_UPLOAD,
        )

        def application(
            hosts: Hosts | None = None, limiter: Buckets | None = None, table: Table = table
        ) -> Application:
            pages = Pages(site, [*routes, *all_routes()])
            return Application(table, backends, metrics, pages, limiter, internal=internal, hosts=hosts)

        made = Office(application(), loop, accounts, store, engine, internal, application, path.parent)
        yield made
        jobs.wait()
        loop.run_until_complete(asyncio.sleep(0))
        site.close()
