"""The bitmap engine: loaded from a snapshot or the log, kept up to date by a follower, asked by requests."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Callable, Generator, Sequence
from pathlib import Path
from time import perf_counter
from typing import Any, Final, TypeVar

import numpy as np
from pyroaring import BitMap

from letrics.collector import no_collection
from letrics.engines.base import EngineLoading, Hits, OutOfTime, Unmatched, ValueCount, Window
from letrics.engines.bitmap.arrays import Nums
from letrics.engines.bitmap.columns import Columns
from letrics.engines.bitmap.facets import facet, find_values
from letrics.engines.bitmap.follow import SLICE, apply_changes, merge_plan
from letrics.engines.bitmap.layer import build_layer
from letrics.engines.bitmap.snapshot import SnapshotUnusable, load_snapshot, save_snapshot, saved_position
from letrics.engines.bitmap.state import State, fact_titles, make_state
from letrics.engines.bitmap.unmatched import find_unmatched
from letrics.engines.bitmap.verify import differences
from letrics.fields import Fact, Field, warm_up
from letrics.query.clauses import Clause, Query
from letrics.records import KINDS, Kind
from letrics.store.base import Position, Store

Progress = Callable[[str, int, int], None]
"""Told what is being done, how many records are, and of how many."""
Pause = Callable[[], None]

_SCAN: Final = 20_000
_STEP: Final = 20_000
_LARGE: Final = 4_096
_CATCH_UP: Final = 200_000
_BREATH: Final = 0.002
"""Seconds a query runs before it gives way to other requests."""
_LAST: Final = 2**32 - 1

_Result = TypeVar("_Result")


def no_pause() -> None:
    """Of one who serves nobody meanwhile."""


class BitmapEngine:
    """Searches in memory. One thread at a time may load, catch up, save or verify; any may search meanwhile."""

    def __init__(self, *, budget_ms: int = 2000) -> None:
        self._budget = budget_ms / 1000
        self._columns = Columns()
        self._state: State | None = None
        self._broken = False

    # --- answering

    async def search(self, query: Query, window: Window) -> Hits:
        """See SearchEngine. O(1) in the depth of the window."""
        hits = await self._drive(self._ready().hits(query))
        return _cut(hits, window)

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
            if now - last > _BREATH:
                await asyncio.sleep(0)
                last = perf_counter()

    def _ready(self) -> State:
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

    def load(self, store: Store, snapshot: Path | None = None, progress: Progress | None = None) -> None:
        """Be ready to answer, as the log stands now: from the snapshot where it is good and of this log, else from
        the whole log. Blocks; O(records) without a snapshot."""
        tell = progress or _silent
        warm_up()
        with no_collection():
            if not (snapshot is not None and self._take_snapshot(store, snapshot, tell)):
                self._rebuild(store, tell)
            while self._catch_up(store, _CATCH_UP, _LARGE, no_pause, tell):
                pass
        # What is loaded stays: the collector would walk it for 150 ms at a million contacts, and hold up requests.
        gc.freeze()

    def _take_snapshot(self, store: Store, snapshot: Path, tell: Progress) -> bool:
        try:
            position, columns, layers, titles = load_snapshot(snapshot)
        except FileNotFoundError:
            return False
        except SnapshotUnusable as error:
            tell(f"the saved index is not used: {error}", 0, 0)
            return False
        if not store.has_batch(position):
            tell("the saved index is of another log or newer than this one, and is not used", 0, 0)
            return False
        self._columns = columns
        self._publish(make_state(position, layers, columns, titles))
        return True

    def _rebuild(self, store: Store, tell: Progress) -> None:
        columns = Columns()
        counts = store.counts()
        total, done = counts.companies + counts.contacts, 0
        position: Position | None = None
        for part in store.scan(_SCAN):
            position = part.position
            apply_changes(columns, part, no_pause, _LARGE)
            done += len(part.company_nums) + len(part.contact_nums)
            tell("reading records", done, max(total, done))
        tell("building the index", done, done)
        self._columns = columns
        self._broken = False
        titles = fact_titles(columns, {})
        everything = _everything(columns.companies), _everything(columns.contacts)
        base = build_layer(columns, titles, *everything, no_pause)
        self._publish(make_state(position or store.position(), (base,), columns, titles))

    def catch_up(self, store: Store, *, limit: int = _STEP, pause: Pause = no_pause) -> bool:
        """Apply what changed in the log since, whole batches up to about `limit` changes; whether there was anything.
        `pause` is called at least every few milliseconds of work."""
        return self._catch_up(store, limit, SLICE, pause, _silent)

    def _catch_up(self, store: Store, limit: int, size: int, pause: Pause, tell: Progress) -> bool:
        state = self._ready()
        if self._broken:
            self._rebuild(store, tell)
            return True
        try:
            changes = store.changes(state.position.seq, limit)
            if changes is None:
                return False
            self._broken = True  # until the columns are whole again
            companies, contacts = apply_changes(self._columns, changes, pause, size)
            position = changes.position
            # Far behind, all is applied before any postings are made.
            while limit >= _CATCH_UP and (changes := store.changes(position.seq, limit)) is not None:
                tell("catching up", position.seq, max(store.position().seq, position.seq))
                more = apply_changes(self._columns, changes, pause, size)
                companies, contacts = np.union1d(companies, more[0]), np.union1d(contacts, more[1])
                position = changes.position
        except LookupError:
            self._rebuild(store, tell)
            return True
        titles = fact_titles(self._columns, state.titles)
        kept, companies, contacts = merge_plan(state.layers, companies, contacts)
        if not kept:
            self._columns.compact()
        layer = build_layer(self._columns, titles, companies, contacts, pause)
        self._publish(make_state(position, (*kept, layer), self._columns, titles))
        self._broken = False
        tell("catching up", position.seq, position.seq)
        return True

    def _publish(self, state: State) -> None:
        self._state = state

    def save(self, snapshot: Path) -> None:
        """Write the index beside `snapshot` and rename it there. Raises OSError."""
        save_snapshot(snapshot, self._columns, self._ready())

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
        while self.catch_up(store, limit=_CATCH_UP):
            pass
        fresh = BitmapEngine()
        fresh._rebuild(store, _silent)
        if fresh.seq() != self.seq():
            return self.verify(store)  # the log went on meanwhile
        return differences(self._ready(), fresh._ready())


def _silent(_text: str, _done: int, _total: int) -> None:
    pass


def _everything(table: Any) -> Nums:
    return np.arange(len(table), dtype=np.uint32)


def _cut(hits: BitMap, window: Window) -> Hits:
    """The window of the hits: by rank, at no cost that grows with the depth."""
    total = len(hits)
    after = None if window.after is None else min(window.after, _LAST)
    if window.order == "oldest":
        start = window.offset if after is None else hits.rank(after)
        nums = list(hits[start : start + window.size]) if start < total else []
        return Hits(total, nums, start + window.size < total)
    before = total - window.offset if after is None else hits.rank(after - 1) if after > 0 else 0
    end = max(before, 0)
    start = max(end - window.size, 0)
    nums = list(hits[start:end])[::-1] if end > start else []
    return Hits(total, nums, start > 0)
