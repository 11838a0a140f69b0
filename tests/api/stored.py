"""The application over a real store and engine: those of the default settings, or another pair."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from letrics.accounts.authenticator import LocalAuthenticator
from letrics.accounts.database import AccountsDatabase
from letrics.accounts.tokens import Tokens
from letrics.accounts.users import Users
from letrics.api.backends import Backends
from letrics.api.idempotency import Idempotency
from letrics.api.stored_requests import IdempotencyFile
from letrics.backends.base import FollowedEngine
from letrics.search.service import DEFAULT_SIZES, WalkSizes
from letrics.store.base import Store
from letrics.store.documents import LocalDocuments
from tests.api.applications import make_application
from tests.api.caller import Caller
from tests.matrix.pairs import DEFAULT, Pair


@dataclass
class Stored:
    """An application with its store and engine, and callers with tokens: `caller` may read, `writer` write."""

    caller: Caller
    writer: Caller
    store: Store
    made: FollowedEngine
    backends: Backends

    def follow(self) -> None:
        """Apply all changes of the log to the engine."""
        while self.made.target().apply(self.store):
            pass


@contextmanager
def stored(
    home: Path, fill: Callable[[Store], None], export_sizes: WalkSizes = DEFAULT_SIZES, pair: Pair = DEFAULT
) -> Iterator[Stored]:
    """An application whose store was filled by `fill` before its engine was loaded."""
    backend = pair.store(home)
    with AccountsDatabase(home / "accounts.db") as accounts, backend.open(create=True) as store:
        Users(accounts).add("ann@people.example")
        tokens = Tokens(accounts)
        reading, _ = tokens.create("ann@people.example", "reading")
        writing, _ = tokens.create("ann@people.example", "writing", ["write"])
        fill(store)
        made = pair.engine(home, 60_000)
        made.load(store)
        backends = Backends(made.engine, LocalDocuments(store), backend.open, LocalAuthenticator.over(accounts))
        loop, requests = asyncio.new_event_loop(), IdempotencyFile(home / "idempotency.db")
        try:
            app = make_application(backends, export_sizes, Idempotency(requests))
            yield Stored(Caller(app, loop, reading), Caller(app, loop, writing), store, made, backends)
        finally:
            loop.run_until_complete(loop.shutdown_asyncgens())
            loop.run_until_complete(loop.shutdown_default_executor())
            loop.close()
            requests.close()


@contextmanager
def stored_caller(
    home: Path, fill: Callable[[Store], None], export_sizes: WalkSizes = DEFAULT_SIZES, pair: Pair = DEFAULT
) -> Iterator[Caller]:
    """A caller for the application of `stored`."""
    with stored(home, fill, export_sizes, pair) as opened:
        yield opened.caller
