"""`letrics serve` with a meter: how much CPU the engine and the reading of documents take of each request.

Run as `python -m benchmarks.stages.metered HOME OUT`; writes OUT as JSON when it is stopped. Times are of the thread
that serves, so that with one connection what is left of the process's time is the HTTP path's own.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from letrics.api.server import Server, bind, url_of
from letrics.app import _log_to_stderr, _when_ready, create_app
from letrics.engines.base import Hits, Unmatched, Window
from letrics.engines.bitmap import BitmapEngine
from letrics.query import Query
from letrics.records import Kind
from letrics.settings import Home, Settings
from letrics.store.sqlite import SqliteStore

METER: dict[str, list[float]] = {"search": [], "search_ms": [], "unmatched": [], "documents": []}
"""CPU microseconds of each call, in order; `search_ms` is elapsed time."""


class MeteredEngine(BitmapEngine):
    """Notes what each search costs."""

    async def search(self, query: Query, window: Window) -> Hits:
        begun, started = time.perf_counter(), time.thread_time_ns()
        try:
            return await super().search(query, window)
        finally:
            METER["search"].append((time.thread_time_ns() - started) / 1000)
            METER["search_ms"].append((time.perf_counter() - begun) * 1000)

    async def unmatched(self, query: Query) -> list[Unmatched]:
        started = time.thread_time_ns()
        try:
            return await super().unmatched(query)
        finally:
            METER["unmatched"].append((time.thread_time_ns() - started) / 1000)


Documents = Callable[[SqliteStore, Kind, Sequence[int]], list[bytes | None]]


def metered(documents: Documents) -> Documents:
    def read(store: SqliteStore, kind: Kind, nums: Sequence[int]) -> list[bytes | None]:
        started = time.thread_time_ns()
        try:
            return documents(store, kind, nums)
        finally:
            METER["documents"].append((time.thread_time_ns() - started) / 1000)

    return read


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("home", type=Path)
    parser.add_argument("out", type=Path)
    given = parser.parse_args()
    settings = Settings(port=0, query_budget_ms=60_000)
    _log_to_stderr("info")
    engine = MeteredEngine(budget_ms=settings.query_budget_ms)
    setattr(SqliteStore, "documents", metered(SqliteStore.documents))  # noqa: B010
    with bind(settings.host, settings.port) as bound:

        def tell() -> None:
            print(url_of(bound))
            sys.stdout.flush()

        Server(create_app(Home(given.home), settings, engine), lambda: _when_ready(engine, tell)).run(sockets=[bound])
    given.out.write_text(json.dumps(METER))


if __name__ == "__main__":
    main()
