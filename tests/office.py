"""A service with pages over an empty accounts database, and browsers that use it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from letrics.accounts.database import AccountsDatabase, now_ms
from letrics.accounts.sessions import SessionVerifier
from letrics.accounts.verifier import Verifier
from letrics.api.application import Application
from letrics.api.backends import Backends
from letrics.api.endpoints import build_table
from letrics.api.internal_api import InternalApi
from letrics.api.metrics import Metrics
from letrics.engines.base import SearchEngine
from letrics.store.base import Store
from letrics.web.asgi import build_pages
from letrics.web.site import Site
from tests.api.caller import Caller
from tests.api.plain import PlainEngine, PlainStore
from tests.contract.world import COMPANIES, CONTACTS
from tests.web.browser import Browser

ADA, BOB, EDI = "ada@people.example", "bob@people.example", "edi@people.example"
PASSWORD = "correct horse"


@dataclass
class Office:
    """The service; `accounts` is a connection of the test's own, like that of another process."""

    app: Application
    loop: asyncio.AbstractEventLoop
    accounts: AccountsDatabase
    store: PlainStore
    verifier: Verifier
    ahead_ms: int = 0
    """How far the clock of the pages is ahead of the real one."""

    def browser(self, **kind: Any) -> Browser:
        return Browser(self.app, self.loop, **kind)

    def signed_in(self, email: str, **kind: str) -> Browser:
        browser = self.browser(**kind)
        page = browser.sign_in(email, PASSWORD)
        assert (page.status, page.location) == (303, "/"), page.text
        return browser

    def ask(self, token: str) -> int:
        """The status with which the API answers a token, as soon as it has looked again at the accounts."""
        self.verifier._checked = float("-inf")
        return Caller(self.app, self.loop, token).get("/v1/contacts").status


@contextmanager
def opened(
    loop: asyncio.AbstractEventLoop,
    accounts: AccountsDatabase,
    path: Path,
    *,
    https: bool = False,
    public_url: str = "",
    home: str = "",
) -> Iterator[Office]:
    """A service over the accounts file at `path`."""
    store = PlainStore(COMPANIES, CONTACTS)
    with AccountsDatabase(path) as served:  # as in a server: what is written comes over other connections
        verifier = Verifier(served)
        engine = cast("SearchEngine", PlainEngine(store))
        backends = Backends(engine, cast("Store", store), lambda: cast("Store", store), verifier)
        metrics = Metrics()
        table, sessions = build_table(backends, metrics), SessionVerifier(served)
        internal = InternalApi(table, sessions, https=https)
        site = Site(
            path,
            sessions,
            internal.ask,
            https=https,
            public_url=public_url,
            home=home,
            clock=lambda: now_ms() + made.ahead_ms,
        )
        app = Application(table, backends, metrics, build_pages(site), internal=internal)
        made = Office(app, loop, accounts, store, verifier)
        yield made
        loop.run_until_complete(asyncio.sleep(0))
        site.close()
