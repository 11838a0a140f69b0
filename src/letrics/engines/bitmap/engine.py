"""The bitmap engine: loaded from a snapshot or the log, kept up to date by a follower, asked by requests."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any, Final, TypeVar

import numpy as np
from pyroaring import BitMap

from letrics.collector import no_collection, trim_memory
from letrics.engines.base import EngineLoading, Hits, OutOfTime, Unmatched, ValueCount, Window
from letrics.engines.bitmap.arrays import Nums, distinct
from letrics.engines.bitmap.building import build_layer
from letrics.engines.bitmap.columns import Columns
from letrics.engines.bitmap.facets import facet, find_values
from letrics.engines.bitmap.follow import SLICE, apply_changes, contacts_of, merge_plan
from letrics.engines.bitmap.layer import Layer
from letrics.engines.bitmap.reading import read_log
from letrics.engines.bitmap.sets import SHELF_BYTES, Shelf
from letrics.engines.bitmap.snapshot import SnapshotUnusable, load_snapshot, save_snapshot, saved_position
from letrics.engines.bitmap.state import State, fact_titles, make_state
from letrics.engines.bitmap.titles import TextIndex
from letrics.engines.bitmap.unmatched import find_unmatched
from letrics.engines.bitmap.verify import differences
from letrics.fields import Fact, Field, warm_up
from letrics.query.clauses import Clause, Query
from letrics.records import KINDS, Kind
from letrics.store.base import Store

Progress = Callable[[str, int, int], None]
"""Told what is being done, how many records are, and of how many."""
Pause = Callable[[], None]

_STEP: Final = 20_000
_LARGE: Final = 4_096
_CATCH_UP: Final = 200_000
_BREATH: Final = 0.002
"""Seconds a query runs before it gives way to other requests."""
_LAST: Final = 2**32 - 1
_SHARED: Final = 400_000
"""A log of so many records is read by two processes."""

_Result = TypeVar("_Result")


def no_pause() -> None:
    """Of one who serves nobody meanwhile."""


@dataclass(slots=True)
class _Draft:
    """What the follower of the log works on: columns, the state made from them, and the seq its base is of. `broken`:
    changes were taken into the columns only in part."""

    columns: Columns
    state: State
    shelf: Shelf
    base: int
    outgrown: bool = False
    broken: bool = False

    def replace(self, other: _Draft) -> None:
        for name in self.__slots__:
            setattr(self, name, getattr(other, name))


class BitmapEngine:
    """Searches in memory. One thread at a time may load, catch up, save or verify; any may search meanwhile."""

    def __init__(self, *, budget_ms: int = 2000, cache_mb: int = SHELF_BYTES >> 20) -> None:
        """`budget_ms` is the time budget of a query, `cache_mb` how much memory unpacked sets may take."""
        self._budget = budget_ms / 1000
        self._shelf_bytes = cache_mb << 20
        self._draft: _Draft | None = None
        self._state: State | None = None

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

    def load(
        self, store: Store, snapshot: Path | None = None, progress: Progress | None = None, *, rebase: bool = True
    ) -> None:
        """Be ready to answer, as the log stands now: from the snapshot where it is good and of this log, else from
        the whole log. Blocks; O(records) without a snapshot. `rebase`: whether what came since the snapshot may be
        merged into a new base, which takes its time for millions of records."""
        tell = progress or _silent
        warm_up()
        with no_collection():
            draft = self._saved(store, snapshot, tell) if snapshot is not None else None
            draft = draft or self._rebuilt(store, tell)
            while self._advance(draft, store, _CATCH_UP, _LARGE, no_pause, tell, rebase):
                pass
            self._publish(draft)
        # What is loaded stays: the collector would walk it for 150 ms at a million contacts, and hold up requests.
        gc.freeze()

    def can_load(self, store: Store, snapshot: Path) -> bool:
        """Whether the snapshot seems to be good and of this log; its parts are not looked at."""
        try:
            return store.has_batch(saved_position(snapshot))
        except (FileNotFoundError, SnapshotUnusable):
            return False

    def adopt(self, store: Store, snapshot: Path, pause: Pause = no_pause) -> bool:
        """Take over a snapshot that another process saved, instead of what is held; whether it could be used. Answers
        go on meanwhile, and never go back in time."""
        draft = self._saved(store, snapshot, _silent, pause)
        if draft is None:
            return False
        while self._advance(draft, store, _STEP, SLICE, pause, _silent, False):
            pass
        if draft.state.position.seq < self.seq():
            return False
        self._publish(draft)
        trim_memory()
        return True

    def _saved(self, store: Store, snapshot: Path, tell: Progress, pause: Pause = no_pause) -> _Draft | None:
        shelf = Shelf(self._shelf_bytes)
        try:
            position, columns, layers, titles = load_snapshot(snapshot, shelf, pause)
        except FileNotFoundError:
            return None
        except SnapshotUnusable as error:
            tell(f"the saved index is not used: {error}", 0, 0)
            return None
        if not store.has_batch(position):
            tell("the saved index is of another log or newer than this one, and is not used", 0, 0)
            return None
        return _Draft(columns, make_state(position, layers, columns, titles), shelf, position.seq)

    def _rebuilt(self, store: Store, tell: Progress) -> _Draft:
        counts = store.counts()
        total, done = counts.companies + counts.contacts, 0

        def told(more: int) -> None:
            nonlocal done
            done += more
            tell("reading records", done, max(total, done))

        told(0)
        columns, position = read_log(store, told, total >= _SHARED)
        shelf = Shelf(self._shelf_bytes)
        layers, titles = self._base(columns, shelf, tell)
        return _Draft(columns, make_state(position, layers, columns, titles), shelf, position.seq)

    def _base(self, columns: Columns, shelf: Shelf, tell: Progress) -> tuple[tuple[Layer], dict[str, TextIndex]]:
        """All that the columns hold as one layer."""
        done = 0

        def step() -> None:
            nonlocal done
            done += 1
            tell("building the index", done, 0)  # how many steps there are depends on the texts

        columns.compact()
        titles = fact_titles(columns, {})
        everything = _everything(columns.companies), _everything(columns.contacts)
        return (build_layer(columns, titles, *everything, shelf, step),), titles

    def catch_up(self, store: Store, *, limit: int = _STEP, pause: Pause = no_pause, rebase: bool = True) -> bool:
        """Apply what changed in the log since, whole batches up to about `limit` changes; whether there was anything.
        `pause` is called at least every few milliseconds of work."""
        draft = self._draft
        if draft is None:
            raise EngineLoading("the index is loading")
        if draft.broken:
            draft = self._rebuilt(store, _silent)
        elif not self._advance(draft, store, limit, SLICE, pause, _silent, rebase):
            return False
        self._publish(draft)
        return True

    def _advance(
        self, draft: _Draft, store: Store, limit: int, size: int, pause: Pause, tell: Progress, rebase: bool
    ) -> bool:  # fmt: skip
        """Bring the draft's columns and state as far as `limit` says; whether there was anything to do."""
        state, columns = draft.state, draft.columns
        try:
            changes = store.changes(state.position.seq, limit)
            if changes is None:
                return False
            draft.broken = True  # until the columns are whole again
            companies, contacts = apply_changes(columns, changes, pause, size)
            position = changes.position
            # Far behind, all is applied before any postings are made.
            while limit >= _CATCH_UP and (changes := store.changes(position.seq, limit)) is not None:
                tell("catching up", position.seq, max(store.position().seq, position.seq))
                more = apply_changes(columns, changes, pause, size)
                companies = distinct(np.concatenate([companies, more[0]]))
                contacts = distinct(np.concatenate([contacts, more[1]]))
                position = changes.position
        except LookupError:
            draft.replace(self._rebuilt(store, tell))
            return True
        contacts = distinct(np.concatenate([contacts, contacts_of(state.layers, companies)]))
        outgrown, kept, companies, contacts = merge_plan(state.layers, companies, contacts)
        titles = fact_titles(columns, state.titles)
        if outgrown and rebase:
            shelf = Shelf(self._shelf_bytes)
            layers: tuple[Layer, ...]
            layers, titles = self._base(columns, shelf, tell)
            draft.shelf, draft.base = shelf, position.seq
        else:
            layers = (*kept, build_layer(columns, titles, companies, contacts, draft.shelf, pause))
        draft.outgrown = outgrown and layers[:-1] == kept
        draft.state = make_state(position, layers, columns, titles)
        draft.broken = False
        tell("catching up", position.seq, position.seq)
        return True

    def outgrown(self) -> bool:
        """Whether so much has changed since the base was made that a new one is due."""
        return self._draft is not None and self._draft.outgrown

    def base_seq(self) -> int:
        """The log's number at which the base was made; 0 before the first."""
        return self._draft.base if self._draft else 0

    def rebase(self, progress: Progress | None = None) -> None:
        """Merge all layers into a new base."""
        draft = self._draft
        assert draft is not None
        if len(draft.state.layers) > 1:
            shelf = Shelf(self._shelf_bytes)
            layers, titles = self._base(draft.columns, shelf, progress or _silent)
            position = draft.state.position
            state = make_state(position, layers, draft.columns, titles)
            self._publish(_Draft(draft.columns, state, shelf, position.seq))

    def _publish(self, draft: _Draft) -> None:
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
        while self.catch_up(store, limit=_CATCH_UP):
            pass
        fresh = BitmapEngine()
        fresh._publish(fresh._rebuilt(store, _silent))
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
