"""The dependencies of the request handlers: engine, store and accounts. The composition root opens them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from letrics.accounts.authenticator import Authenticator
from letrics.accounts.last_used import LastUsed
from letrics.engines.base import SearchEngine
from letrics.engines.explained_engine import WhyLoading, is_loading
from letrics.search import SearchService
from letrics.store.base import Documents, Store


@dataclass(frozen=True, slots=True)
class Backends:
    """The event loop reads from `store`. `open_store` opens another connection, for work in another thread.

    `why_loading` is called for a request that needs the index while it is not loaded.
    """

    engine: SearchEngine
    store: Documents
    open_store: Callable[[], Store]
    authenticator: Authenticator
    last_used: LastUsed | None = None
    why_loading: WhyLoading = is_loading

    @property
    def search(self) -> SearchService:
        """The service that runs searches over the engine and the store."""
        return SearchService(self.engine, self.store)
