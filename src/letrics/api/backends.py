"""What the handlers stand on: engine, log store and accounts, opened by whoever composes the application."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from letrics.accounts.last_used import LastUsed
from letrics.accounts.verifier import Verifier
from letrics.engines.base import SearchEngine
from letrics.store.base import Reader, Store


@dataclass(frozen=True, slots=True)
class Backends:
    """`store` is read by the serving thread. `open_store` gives another connection, for work in another thread."""

    engine: SearchEngine
    store: Reader
    open_store: Callable[[], Store]
    verifier: Verifier
    last_used: LastUsed | None = None
