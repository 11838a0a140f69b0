"""The dependencies of the request handlers: engine, store and accounts. The composition root opens them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from letrics.accounts.last_used import LastUsed
from letrics.accounts.verifier import Verifier
from letrics.engines.base import SearchEngine
from letrics.store.base import Reader, Store


@dataclass(frozen=True, slots=True)
class Backends:
    """The serving thread reads from `store`. `open_store` opens another connection, for work in another thread."""

    engine: SearchEngine
    store: Reader
    open_store: Callable[[], Store]
    verifier: Verifier
    last_used: LastUsed | None = None
