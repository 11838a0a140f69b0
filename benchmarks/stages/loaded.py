"""A loaded engine in this process, asked one search after the other."""

from __future__ import annotations

import time
from typing import Any, Final

from benchmarks.stages.asked import request_of, window_of
from benchmarks.workloads import Search
from letrics.engines.base import Hits, Window
from letrics.engines.bitmap import BitmapEngine
from letrics.engines.bitmap.storage.bitmap_store import DEFAULT_CACHE_BYTES
from letrics.fields import warm_up
from letrics.memory import at_hand, hold_memory
from letrics.query import Query
from letrics.settings import Home
from letrics.store.sqlite import SqliteStore

_BUDGET_MS: Final = 60_000


class Loaded:
    """The engine over a home, loaded from its saved index."""

    def __init__(self, home: Home) -> None:
        warm_up()
        self._home = home
        self._store = SqliteStore.open(home.database, create=False)
        self._engine = BitmapEngine(budget_ms=_BUDGET_MS)
        started = time.monotonic()
        self._engine.load(self._store, home.snapshot)
        self.load_s = time.monotonic() - started

    def warm(self) -> None:
        """What is imported and made at the first search of all, and what a server does before it or in the seconds
        after."""
        hold_memory(at_hand(self._home.snapshot.stat().st_size, DEFAULT_CACHE_BYTES))
        bodies: list[dict[str, Any]] = [
            {"has_linkedin_profile": True},
            {"updated_after": "2030-01-01"},
            {"locations": ["Iceland"]},
        ]
        for body in bodies:
            self.once(Search("", "contacts", body, False))
            self.once(Search("", "companies", body, False))
        self.once(Search("", "contacts", {"job_titles": ["zzyzx"]}, True))

    def once(self, search: Search) -> dict[str, Any]:
        """What it took, and the answer; and how long its documents took."""
        found = self.asked(search)
        started = time.perf_counter()
        self._store.documents(search.kind, found["nums"])
        return {**found, "documents_ms": (time.perf_counter() - started) * 1000}

    def asked(self, search: Search) -> dict[str, Any]:
        """What it took, and the answer."""
        request = request_of(search)
        took, hits = self.timed(request.query, window_of(request))
        return {
            "shape": search.name, "kind": search.kind, "body": search.body, "titles": search.titles, "search_ms": took,
            "total": hits.total, "nums": list(hits.nums),
        }  # fmt: skip

    def total(self, search: Search) -> int:
        """How many hits it has, learnt from another page."""
        request = request_of(search)
        return self.timed(request.query, Window(size=0))[1].total

    def timed(self, query: Query, window: Window) -> tuple[float, Hits]:
        steps = self._engine.search(query, window)
        started = time.perf_counter()
        while True:  # nobody else is served here: where it gives way, it goes on at once
            try:
                steps.send(None)
            except StopIteration as stop:
                return (time.perf_counter() - started) * 1000, stop.value
