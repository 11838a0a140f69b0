"""The saved index for commands: load it, apply the newer changes of the log, and save it again."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol, cast

from letrics.cli.progress import Meter
from letrics.engines.base import SearchEngine, Window
from letrics.memory import trim_memory
from letrics.query import Query

if TYPE_CHECKING:
    from rich.console import Console

    from letrics.settings import Home, Settings
    from letrics.store.base import Store

REFRESH_AFTER: Final = 20_000
"""The minimum number of changes after which an import saves the index.

The changes must also exceed the share of all records at which a server rebuilds its index. A process that loads the
index applies fewer changes than that within a moment.
"""

_WINDOW: Final = 5000
"""The number of matches fetched from the engine at a time."""


class LoadableEngine(SearchEngine, Protocol):
    """A search engine in this process whose index can be loaded, saved and verified."""

    def load(self, store: Store, snapshot: Path, progress: Callable[[str, int, int], None]) -> object: ...

    def catch_up(self, store: Store) -> bool: ...

    def save(self, snapshot: Path) -> None: ...

    def verify(self, store: Store) -> list[str]: ...


def make_engine(settings: Settings) -> LoadableEngine:
    """Create an engine with an empty index."""
    from letrics.engines.bitmap import BitmapEngine

    made = BitmapEngine(budget_ms=settings.query_budget_ms, cache_mb=settings.index_cache_mb)
    return cast("LoadableEngine", made)


def load_engine(store: Store, home: Home, settings: Settings, console: Console, silent: bool = False) -> LoadableEngine:
    """Load an engine that is up to date with the log.

    Builds the index if none is saved, which takes minutes for millions of records.
    """
    engine = make_engine(settings)
    with Meter(console, silent) as meter:
        engine.load(store, home.snapshot, meter.of_load)
    return engine


def refresh_index(home: Home, settings: Settings, console: Console) -> None:
    """Save an index that is up to date with the log, if the saved one lacks many changes or there is none.

    Does nothing while another process, such as a server, saves the index.
    """
    from letrics.engines.bitmap.following.follower import write_snapshot
    from letrics.engines.bitmap.following.rebuilder import alone
    from letrics.store.sqlite import SqliteStore

    with SqliteStore.open(home.database, create=False) as store:
        if not _lacks_much(home, store):
            return
        with alone(home.snapshot) as only:
            if not only:
                console.print("Another process is saving the index.", highlight=False)
                return
            trim_memory()  # memory of the import
            engine = load_engine(store, home, settings, console)
            trim_memory()  # memory of the documents that were read
            write_snapshot(engine, store, home.snapshot)


def _lacks_much(home: Home, store: Store) -> bool:
    from letrics.engines.bitmap.following.follower import LAG
    from letrics.engines.bitmap.storage.serializer import SnapshotUnusable, saved_position

    counts = store.counts()
    try:
        saved = saved_position(home.snapshot)
    except FileNotFoundError:
        return counts.companies + counts.contacts > 0
    except SnapshotUnusable:
        return True
    lacks = store.position().seq - saved.seq
    return lacks > max(REFRESH_AFTER, LAG * (counts.companies + counts.contacts))


def windows(engine: SearchEngine, query: Query) -> Iterator[list[int]]:
    """Yield the nums of all matches in parts, oldest first."""
    after: int | None = None
    with asyncio.Runner() as runner:
        while True:
            hits = runner.run(engine.search(query, Window(after=after, size=_WINDOW)))
            if hits.nums:
                yield hits.nums
                after = hits.nums[-1]
            if not hits.more or not hits.nums:
                return
