"""The application with its real SQLite store and bitmap engine."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from letrics.accounts.database import AccountsDatabase
from letrics.accounts.tokens import Tokens
from letrics.accounts.users import Users
from letrics.accounts.verifier import Verifier
from letrics.api.backends import Backends
from letrics.search.service import DEFAULT_SIZES, WalkSizes
from letrics.store.base import Store
from letrics.store.documents import LocalDocuments
from tests.api.applications import make_application
from tests.api.caller import Caller
from tests.default_backends import loaded_engine, open_store


@contextmanager
def stored_caller(
    home: Path, fill: Callable[[Store], None], export_sizes: WalkSizes = DEFAULT_SIZES
) -> Iterator[Caller]:
    """A caller with a read token for an application whose store was filled by `fill`."""
    with AccountsDatabase(home / "accounts.db") as accounts, open_store(home / "letrics.db") as store:
        Users(accounts).add("ann@people.example")
        token, _ = Tokens(accounts).create("ann@people.example", "reading")
        fill(store)
        engine = loaded_engine(home, store).engine
        backends = Backends(engine, LocalDocuments(store), lambda: open_store(home / "letrics.db"), Verifier(accounts))
        loop = asyncio.new_event_loop()
        try:
            yield Caller(make_application(backends, export_sizes), loop, token)
        finally:
            loop.run_until_complete(loop.shutdown_asyncgens())
            loop.run_until_complete(loop.shutdown_default_executor())
            loop.close()
