"""Bitmap engine: loads the index from a snapshot or the log, applies changes to it, and runs queries on it."""

from __future__ import annotations

import gc
from collections.abc import Generator, Sequence
from pathlib import Path
from time import perf_counter
from typing import Final, TypeVar

from pyroaring import BitMap

from letrics.budget import budget_or
from letrics.collector import no_collection
from letrics.engines.base import (
    Capabilities,
    EngineLoading,
    LoadProgress,
    SearchRequest,
    SearchResult,
    Unmatched,
    ValueCount,
    Window,
)
from letrics.engines.bitmap.collect.facets import facet
from letrics.engines.bitmap.costs import DEFAULT_COSTS, Costs
from letrics.engines.bitmap.index.index_check import index_differences
from letrics.engines.bitmap.index.index_writer import IndexWriter, Pause, TakeLock, no_pause, no_progress, without_lock
from letrics.engines.bitmap.query.binder import find_matches
from letrics.engines.bitmap.searcher import Searcher
from letrics.engines.bitmap.storage.bitmap_store import DEFAULT_CACHE_BYTES, BitmapCache
from letrics.engines.bitmap.storage.serializer import SnapshotUnusable, save_snapshot, saved_position
from letrics.engines.bitmap.suggest.completion import find_values
from letrics.engines.bitmap.suggest.unmatched import SUGGESTION_MS, find_unmatched
from letrics.engines.common.erasure_schedule import NEVER, ReadAt
from letrics.fields import Fact, warm_up
from letrics.query.clauses import Clause, Query
from letrics.records import KINDS, Kind
from letrics.store.base import Position, Store

_YIELD_SECONDS: Final = 0.002
"""Seconds that a query runs before it lets other requests run."""
_MAX_NUM: Final = 2**32 - 1
"""The largest num."""

_Result = TypeVar("_Result")


class BitmapEngine:
    """A search engine in memory. One thread at a time may load, catch up, save or verify; any thread may search."""

    capabilities: Final = Capabilities(any_offset=True, exact_facets=True, suggestions=True)

    def __init__(
        self,
        *,
        budget_ms: int = 2000,
        cache_mb: int = DEFAULT_CACHE_BYTES >> 20,
        suggestion_ms: float = SUGGESTION_MS,
        costs: Costs = DEFAULT_COSTS,
        second_reader: Sequence[str] = (),
    ) -> None:
        """`budget_ms` is the time budget of a query, `cache_mb` the capacity of the cache of decompressed bitmaps.
        After `suggestion_ms` of processor time, a request gets no further suggestions. `costs` decides which of several
        ways to the same result is taken. `second_reader` is the command line of a process that reads half of a large
        log, see `load_log`."""
        self.costs = costs
        self._budget = budget_ms / 1000
        self._suggestion_ms = suggestion_ms
        self._second_reader = second_reader
        self._cache_bytes = cache_mb << 20
        self._writer: IndexWriter | None = None
        self._searcher: Searcher | None = None

    # --- searching

    async def search(self, request: SearchRequest) -> SearchResult:
        """See SearchEngine. The cost does not depend on the depth of the window."""
        searcher, query = self._ready(), request.query
        matches = await self._drive(find_matches(searcher, query))
        total, nums, more = _paginate(matches, request.window)
        unmatched = await self._unmatched(searcher, query) if request.unmatched and query.clauses else ()
        facets = await self._facets(searcher, request, matches) if request.facets else ()
        return SearchResult(total, nums, more, searcher.position, unmatched, facets)

    async def _unmatched(self, searcher: Searcher, query: Query) -> list[Unmatched]:
        found: list[Unmatched] = []

        def steps() -> Generator[None, None, None]:
            for item in find_unmatched(searcher, query, self._suggestion_ms):
                if item is not None:
                    found.append(item)
                yield

        await self._drive(steps())
        return found

    async def _facets(self, searcher: Searcher, request: SearchRequest, matches: BitMap) -> list[list[ValueCount]]:
        query = request.query
        found: dict[tuple[Clause, ...], BitMap] = {query.clauses: matches}
        counted: list[list[ValueCount]] = []
        for field in request.facets:
            fact = field.fact(query.kind)
            assert fact is not None
            clauses = tuple(clause for clause in query.clauses if clause.field != field.name)
            if clauses not in found:
                found[clauses] = await self._drive(find_matches(searcher, Query(query.kind, clauses)))
            counted.append(await self._drive(facet(searcher, query.kind, fact, found[clauses], request.facet_size)))
        return counted

    async def values(self, kind: Kind, fact: Fact, typed: str, limit: int) -> list[ValueCount]:
        """See SearchEngine."""
        return await self._drive(find_values(self._ready(), kind, fact, typed, limit))

    async def _drive(self, steps: Generator[None, None, _Result]) -> _Result:
        """Run the steps to the end, letting other requests run in between. Raises OutOfTime past the budget."""
        budget, last = budget_or(self._budget), perf_counter()
        while True:
            try:
                next(steps)
            except StopIteration as stop:
                return stop.value  # type: ignore[no-any-return]
            now = perf_counter()
            budget.check()
            if now - last > _YIELD_SECONDS:
                await budget.pause()
                last = perf_counter()

    def _ready(self) -> Searcher:
        """The current searcher. Raises EngineLoading before there is one."""
        searcher = self._searcher
        if searcher is None:
            raise EngineLoading("the index is loading")
        return searcher

    def ready(self) -> bool:
        """Whether the index is loaded."""
        return self._searcher is not None

    def seq(self) -> int:
        """The log number up to which results are current. 0 before the first."""
        return self._searcher.position.seq if self._searcher else 0

    async def position(self) -> Position | None:
        """See SearchEngine."""
        return self.applied()

    def applied(self) -> Position | None:
        """The position of the log that the index has; None before it is loaded."""
        return self._searcher.position if self._searcher else None

    def close(self) -> None:
        """See SearchEngine. The memory is free when no search uses it any more."""
        self._searcher = self._writer = None

    def counts(self) -> dict[str, int]:
        """The number of live records of each kind, and the number of segments (`layers`)."""
        searcher = self._searcher
        if searcher is None:
            return {}
        sizes: dict[str, int] = {}
        for kind in KINDS:
            alive = BitMap()
            for pair in searcher.segments:
                segment = pair.of_kind(kind)
                alive = (alive - segment.covers) | segment.alive
            sizes[kind] = len(alive)
        return {**sizes, "layers": len(searcher.segments)}

    # --- following the log

    def load(
        self, store: Store, snapshot: Path | None = None, progress: LoadProgress | None = None, *, rebase: bool = True
    ) -> None:
        """Load the index as of the log's end when this is called.

        It continues from what is in memory or from the snapshot, whichever is newer and of this log; otherwise it reads
        the whole log. Blocks; O(records) without either. `rebase`: whether changes since then may be merged into a new
        base, which takes long for millions of records.
        """
        progress = progress or no_progress
        warm_up()
        with no_collection():
            end = store.position().seq
            writer = self._open_writer(store, snapshot, progress)
            # Later changes are left to `catch_up`: otherwise loading would not end during an import.
            while writer.searcher.position.seq < end and writer.advance(store, None, progress=progress, rebase=rebase):
                rebase = False
            self._publish(writer)
        # The loaded objects stay: the garbage collector would traverse them for 150 ms at a million contacts.
        gc.freeze()

    def renew(self, store: Store, snapshot: Path | None = None, progress: LoadProgress | None = None) -> None:
        """Load the index and force-merge it into one base, as of the log position at the start. Blocks; O(records)."""
        progress = progress or no_progress
        warm_up()
        with no_collection():
            writer = self._open_writer(store, snapshot, progress)
            writer.renew(store, progress)
            self._publish(writer)

    def reread(self, store: Store, progress: LoadProgress | None = None) -> None:
        """Replace the index by one that is read from the whole log, which has no value of a deleted record."""
        progress = progress or no_progress
        with no_collection():
            self._publish(IndexWriter.rebuilt(store, self._cache(), self.costs, progress, self._second_reader))

    def built(self) -> ReadAt:
        """The log number at which all values were read from the log, and when, in milliseconds since 1970."""
        return (self._writer.built, self._writer.built_ms) if self._writer else NEVER

    def _open_writer(self, store: Store, snapshot: Path | None, progress: LoadProgress) -> IndexWriter:
        """A writer of what is in memory or of the snapshot if one is usable, otherwise of the whole log."""
        held = self._held(store)
        if held is None:
            self._writer = None  # its memory is needed for the next
        elif snapshot is None or not self.can_load(store, snapshot) or self.lacks(snapshot) >= 0:
            return held
        saved = (
            IndexWriter.saved(store, snapshot, self._cache(), self.costs, progress) if snapshot is not None else None
        )
        writer = saved or held
        if writer is None:
            return IndexWriter.rebuilt(store, self._cache(), self.costs, progress, self._second_reader)
        writer.second = self._second_reader
        return writer

    def _held(self, store: Store) -> IndexWriter | None:
        """What is in memory, where it is whole and of this log."""
        writer = self._writer
        return (
            writer if writer is not None and not writer.broken and store.has_batch(writer.searcher.position) else None
        )

    def _cache(self) -> BitmapCache:
        return BitmapCache(self._cache_bytes)

    def can_load(self, store: Store, snapshot: Path) -> bool:
        """Whether the snapshot seems intact and belongs to this log. Its sections are not verified."""
        try:
            return store.has_batch(saved_position(snapshot, self.costs))
        except (FileNotFoundError, SnapshotUnusable):
            return False

    def belongs_to(self, store: Store) -> bool:
        """Whether what is held was made from this very log."""
        return self._writer is not None and store.has_batch(self._writer.searcher.position)

    def suspend(self) -> None:
        """Refuse searches until loaded again. The index stays in memory, and `load` continues from it where it can."""
        self._searcher = None

    def adopt(self, store: Store, snapshot: Path, pause: Pause = no_pause) -> bool:
        """Replace the index by a snapshot that another process saved. Returns whether it could be used.

        Searches continue meanwhile, their results never go back in time, and the old index stays up to date: an import
        may have changed many records since the snapshot.
        """
        writer = IndexWriter.saved(store, snapshot, self._cache(), self.costs, pause=pause)
        if writer is None:
            return False
        writer.second = self._second_reader
        while writer.searcher.position.seq < self.seq():
            if not writer.advance(store, max(1, self.costs.records_per_batch // 2), pause, rebase=False):
                return False
            self.catch_up(store, pause=pause, rebase=False)
        self._publish(writer)
        return True

    def catch_up(
        self, store: Store, *, pause: Pause = no_pause, rebase: bool = True, take_lock: TakeLock = without_lock
    ) -> bool:
        """Apply changes of the log, about one batch of records. Returns whether there were any.

        More are left to the next call, so that a new searcher is published soon during an import.

        `pause` is called at least every few milliseconds of work. `take_lock` as for `IndexWriter.advance`.
        """
        writer = self._writer
        if writer is None:
            raise EngineLoading("the index is loading")
        if not writer.advance(store, self.costs.records_per_batch, pause, rebase=rebase, take_lock=take_lock):
            return False
        self._publish(writer)
        return True

    def merge(self) -> None:
        """Force-merge what was applied into one base. Searches continue meanwhile. O(records)."""
        writer = self._writer
        if writer is None:
            raise EngineLoading("the index is loading")
        writer.merge()
        self._publish(writer)

    def outgrown(self) -> bool:
        """Whether a full merge into a new base is due, see `merge_policy`."""
        return self._writer is not None and self._writer.outgrown

    def base_seq(self) -> int:
        """The log number at which the base was written. 0 before the first."""
        return self._writer.base if self._writer else 0

    def _publish(self, writer: IndexWriter) -> None:
        """Let new queries run on the writer's searcher."""
        self._writer = writer
        self._searcher = writer.searcher

    def save(self, snapshot: Path) -> None:
        """Save the index to a temporary file next to `snapshot` and rename it. Raises OSError."""
        searcher = self._ready()
        assert self._writer is not None
        save_snapshot(snapshot, self._writer.columns, searcher, self.built())

    def lacks(self, snapshot: Path) -> int:
        """How many changes this index has that the snapshot lacks: all of them if there is no such file."""
        assert self._writer is not None, "nothing is loaded"
        position = self._writer.searcher.position
        try:
            saved = saved_position(snapshot, self.costs)
        except (FileNotFoundError, SnapshotUnusable):
            return position.seq + 1
        return position.seq - saved.seq if saved.log == position.log else position.seq + 1

    def verify(self, store: Store) -> list[str]:
        """Compare this index with one rebuilt from the log. Returns the differences as sentences, [] if there are
        none."""
        while self.catch_up(store):
            pass
        fresh = BitmapEngine(costs=self.costs)
        fresh._publish(IndexWriter.rebuilt(store, self._cache(), self.costs, second=self._second_reader))
        if fresh.seq() != self.seq():
            return self.verify(store)  # the log has grown in the meantime
        return index_differences(self._ready(), fresh._ready())


def _paginate(matches: BitMap, window: Window) -> tuple[int, list[int], bool]:
    """The number of matches, the nums of the window, selected by rank, and whether more follow."""
    total = len(matches)
    after = None if window.after is None else min(window.after, _MAX_NUM)
    if window.order == "oldest":
        start = window.offset if after is None else matches.rank(after)
        nums = list(matches[start : start + window.size]) if start < total else []
        return (total, nums, start + window.size < total)
    before = total - window.offset if after is None else matches.rank(after - 1) if after > 0 else 0
    end = max(before, 0)
    start = max(end - window.size, 0)
    nums = list(matches[start:end])[::-1] if end > start else []
    return (total, nums, start > 0)
