"""The bitmap engine: loaded from a snapshot or the log, kept up to date by a follower, asked by requests."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Generator, Sequence
from pathlib import Path
from time import perf_counter
from typing import Final, TypeVar

from pyroaring import BitMap

from letrics.collector import no_collection
from letrics.engines.base import EngineLoading, Hits, OutOfTime, Unmatched, ValueCount, Window
from letrics.engines.bitmap.collect.facets import facet, find_values
from letrics.engines.bitmap.index.index_check import index_differences
from letrics.engines.bitmap.index.index_writer import (
    FAR_BEHIND_CHANGES,
    IndexWriter,
    Pause,
    Progress,
    no_pause,
    no_progress,
)
from letrics.engines.bitmap.index.merge_policy import RECORDS_PER_PAUSE
from letrics.engines.bitmap.searcher import Searcher
from letrics.engines.bitmap.storage.bitmap_store import DEFAULT_CACHE_BYTES, BitmapCache
from letrics.engines.bitmap.storage.serializer import SnapshotUnusable, save_snapshot, saved_position
from letrics.engines.bitmap.suggest.unmatched import find_unmatched
from letrics.fields import Fact, Field, warm_up
from letrics.query.clauses import Clause, Query
from letrics.records import KINDS, Kind
from letrics.store.base import Store

_CHANGES_PER_STEP: Final = 20_000
_YIELD_SECONDS: Final = 0.002
"""Seconds a query runs before it gives way to other requests."""
_MAX_NUM: Final = 2**32 - 1

_Result = TypeVar("_Result")


class BitmapEngine:
    """Searches in memory. One thread at a time may load, catch up, save or verify; any may search meanwhile."""

    def __init__(self, *, budget_ms: int = 2000, cache_mb: int = DEFAULT_CACHE_BYTES >> 20) -> None:
        """`budget_ms` is the time budget of a query, `cache_mb` how much memory unpacked sets may take."""
        self._budget = budget_ms / 1000
        self._shelf_bytes = cache_mb << 20
        self._draft: IndexWriter | None = None
        self._state: Searcher | None = None

    # --- answering

    async def search(self, query: Query, window: Window) -> Hits:
        """See SearchEngine. O(1) in the depth of the window."""
        hits = await self._drive(self._ready().hits(query))
        return _paginate(hits, window)

    async def unmatched(self, query: Query) -> list[Unmatched]:
        """See SearchEngine."""
        found: list[Unmatched] = []

        def steps() -> Generator[None, None, None]:
            for item in find_unmatched(self._ready(), query):
                if item is not None:
                    found.append(item)
                yield

        await self._drive(steps())
        return found

    async def facets(self, query: Query, fields: Sequence[Field], size: int) -> list[list[ValueCount]]:
        """See SearchEngine."""
        state = self._ready()
        found: dict[tuple[Clause, ...], BitMap] = {}
        counted: list[list[ValueCount]] = []
        for field in fields:
            fact = field.fact(query.kind)
            assert fact is not None
            clauses = tuple(clause for clause in query.clauses if clause.field != field.name)
            if clauses not in found:
                found[clauses] = await self._drive(state.hits(Query(query.kind, clauses)))
            counted.append(await self._drive(facet(state, query.kind, fact, found[clauses], size)))
        return counted

    async def values(self, kind: Kind, fact: Fact, typed: str, limit: int) -> list[ValueCount]:
        """See SearchEngine."""
        return await self._drive(find_values(self._ready(), kind, fact, typed, limit))

    async def _drive(self, steps: Generator[None, None, _Result]) -> _Result:
        """Run to the end, giving way to other requests; raises OutOfTime past the budget."""
        started = last = perf_counter()
        while True:
            try:
                next(steps)
            except StopIteration as stop:
                return stop.value  # type: ignore[no-any-return]
            now = perf_counter()
            if now - started > self._budget:
                raise OutOfTime(f"the query took longer than {self._budget:g} s")
            if now - last > _YIELD_SECONDS:
                await asyncio.sleep(0)
                last = perf_counter()

    def _ready(self) -> Searcher:
        state = self._state
        if state is None:
            raise EngineLoading("the index is loading")
        return state

    def ready(self) -> bool:
        """Whether it can answer searches."""
        return self._state is not None

    def seq(self) -> int:
        """The log's number up to which answers are true; 0 before the first."""
        return self._state.position.seq if self._state else 0

    def counts(self) -> dict[str, int]:
        """How many live records of each kind the answers are drawn from, and how many layers hold them."""
        state = self._state
        if state is None:
            return {}
        sizes: dict[str, int] = {}
        for kind in KINDS:
            live = BitMap()
            for layer in state.layers:
                side = layer.side(kind)
                live = (live - side.covers) | side.live
            sizes[kind] = len(live)
        return {**sizes, "layers": len(state.layers)}

    # --- following the log

    def load(
        self, store: Store, snapshot: Path | None = None, progress: Progress | None = None, *, rebase: bool = True
    ) -> None:
        """Be ready to answer, as the log stands now: from the snapshot where it is good and of this log, else from
        the whole log. Blocks; O(records) without a snapshot. `rebase`: whether what came since the snapshot may be
        merged into a new base, which takes its time for millions of records."""
        tell = progress or no_progress
        warm_up()
        with no_collection():
            draft = self._begun(store, snapshot, tell)
            while draft.advance(store, FAR_BEHIND_CHANGES, tell=tell, rebase=rebase):
                rebase = False  # else it would go on for as long as an import does, and be of no use meanwhile
            self._publish(draft)
        # What is loaded stays: the collector would walk it for 150 ms at a million contacts, and hold up requests.
        gc.freeze()

    def renew(self, store: Store, snapshot: Path | None = None, progress: Progress | None = None) -> None:
        """Be ready to answer, with all that the log has when this begins in one new base. Blocks; O(records)."""
        tell = progress or no_progress
        warm_up()
        with no_collection():
            draft = self._begun(store, snapshot, tell)
            draft.renew(store, tell)
            self._publish(draft)

    def _begun(self, store: Store, snapshot: Path | None, tell: Progress) -> IndexWriter:
        """What was saved, where that is of use; else all from the log."""
        saved = IndexWriter.saved(store, snapshot, self._shelf(), tell) if snapshot is not None else None
        return saved or IndexWriter.rebuilt(store, self._shelf(), tell)

    def _shelf(self) -> BitmapCache:
        return BitmapCache(self._shelf_bytes)

    def can_load(self, store: Store, snapshot: Path) -> bool:
        """Whether the snapshot seems to be good and of this log; its parts are not looked at."""
        try:
            return store.has_batch(saved_position(snapshot))
        except (FileNotFoundError, SnapshotUnusable):
            return False

    def adopt(self, store: Store, snapshot: Path, pause: Pause = no_pause) -> bool:
        """Take over a snapshot that another process saved, instead of what is held; whether it could be used. Answers
        go on meanwhile, and never go back in time."""
        draft = IndexWriter.saved(store, snapshot, self._shelf(), pause=pause)
        if draft is None:
            return False
        while draft.state.position.seq < self.seq():  # in one layer where that is much
            if not draft.advance(store, FAR_BEHIND_CHANGES, RECORDS_PER_PAUSE, pause, rebase=False):
                return False
        self._publish(draft)
        return True

    def catch_up(
        self, store: Store, *, limit: int = _CHANGES_PER_STEP, pause: Pause = no_pause, rebase: bool = True
    ) -> bool:
        """Apply what changed in the log since, whole batches up to about `limit` changes; whether there was anything.
        `pause` is called at least every few milliseconds of work."""
        draft = self._draft
        if draft is None:
            raise EngineLoading("the index is loading")
        if not draft.advance(store, limit, RECORDS_PER_PAUSE, pause, rebase=rebase):
            return False
        self._publish(draft)
        return True

    def outgrown(self) -> bool:
        """Whether so much has changed since the base was made that a new one is due."""
        return self._draft is not None and self._draft.outgrown

    def base_seq(self) -> int:
        """The log's number at which the base was made; 0 before the first."""
        return self._draft.base if self._draft else 0

    def _publish(self, draft: IndexWriter) -> None:
        self._draft = draft
        self._state = draft.state

    def save(self, snapshot: Path) -> None:
        """Write the index beside `snapshot` and rename it there. Raises OSError."""
        state = self._ready()
        assert self._draft is not None
        save_snapshot(snapshot, self._draft.columns, state)

    def lacks(self, snapshot: Path) -> int:
        """How many changes this index knows that the snapshot does not; all of them where there is no such file."""
        position = self._ready().position
        try:
            saved = saved_position(snapshot)
        except (FileNotFoundError, SnapshotUnusable):
            return position.seq + 1
        return position.seq - saved.seq if saved.log == position.log else position.seq + 1

    def verify(self, store: Store) -> list[str]:
        """What this index answers otherwise than one built afresh from the log, in words; [] when all is well."""
        while self.catch_up(store, limit=FAR_BEHIND_CHANGES):
            pass
        fresh = BitmapEngine()
        fresh._publish(IndexWriter.rebuilt(store, self._shelf()))
        if fresh.seq() != self.seq():
            return self.verify(store)  # the log went on meanwhile
        return index_differences(self._ready(), fresh._ready())


def _paginate(hits: BitMap, window: Window) -> Hits:
    """The window of the hits: by rank, at no cost that grows with the depth."""
    total = len(hits)
    after = None if window.after is None else min(window.after, _MAX_NUM)
    if window.order == "oldest":
        start = window.offset if after is None else hits.rank(after)
        nums = list(hits[start : start + window.size]) if start < total else []
        return Hits(total, nums, start + window.size < total)
    before = total - window.offset if after is None else hits.rank(after - 1) if after > 0 else 0
    end = max(before, 0)
    start = max(end - window.size, 0)
    nums = list(hits[start:end])[::-1] if end > start else []
    return Hits(total, nums, start > 0)
