"""Index writer: the columns and segments that a follower of the log extends, before a searcher is published."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, ExitStack, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from letrics.engines.base import LoadProgress
from letrics.engines.bitmap.columns.table import ColumnStore
from letrics.engines.bitmap.costs import Costs
from letrics.engines.bitmap.index.bulk_load import load_log
from letrics.engines.bitmap.index.merge_policy import apply_changes, contacts_of_companies, merge_plan
from letrics.engines.bitmap.kernel.arrays import Nums, sorted_unique
from letrics.engines.bitmap.searcher import Searcher, make_searcher, make_text_indexes
from letrics.engines.bitmap.segment.segment_writer import write_segments
from letrics.engines.bitmap.storage.bitmap_store import BitmapCache
from letrics.engines.bitmap.storage.serializer import SnapshotUnusable, load_snapshot, saved_built
from letrics.store.base import Position, Store

Pause = Callable[[], None]
"""Called regularly, so that other threads can run."""
TakeLock = Callable[[], AbstractContextManager[bool]]
"""Takes the lock of the processes that merge large segments, until the end of the block; False if another has it."""


def no_pause() -> None:
    """No-op pause for offline use."""


def without_lock() -> AbstractContextManager[bool]:
    """No lock, for a process that merges whenever it is due."""
    return nullcontext(True)


def no_progress(_text: str, _done: int, _total: int) -> None:
    """No-op progress callback for offline use."""


@dataclass(slots=True)
class IndexWriter:
    """Columns, and the searcher of the segments written from them. Used by one thread."""

    columns: ColumnStore
    searcher: Searcher
    cache: BitmapCache
    costs: Costs
    base: int
    """The log position (seq) of the base segment."""
    built: int = 0
    """The log position from which the columns were read. Values of records that were deleted after it are still in the
    dictionaries."""
    built_ms: int = 0
    """When the columns were read, in milliseconds since 1970."""
    outgrown: bool = False
    """Whether a full merge into a new base is due."""
    broken: bool = False
    """Whether the columns have changes that the searcher does not reflect, because applying them failed."""
    second: Sequence[str] = ()
    """The command line of a process that reads half of a large log, see `load_log`."""

    @classmethod
    def saved(
        cls,
        store: Store,
        snapshot: Path,
        cache: BitmapCache,
        costs: Costs,
        progress: LoadProgress = no_progress,
        pause: Pause | None = None,
    ) -> IndexWriter | None:
        """Load a snapshot. Returns None if there is none or it cannot be used; `progress` gets the reason."""
        try:
            built = saved_built(snapshot)  # first: a file that takes its place then counts as older than it is
            position, columns, segments, text_indexes = load_snapshot(snapshot, cache, costs, pause)
        except FileNotFoundError:
            return None
        except SnapshotUnusable as error:
            progress(f"the saved index is not used: {error}", 0, 0)
            return None
        if not store.has_batch(position):
            progress("the saved index is not used: it belongs to another database, or is newer than this one", 0, 0)
            return None
        searcher = make_searcher(costs, position, segments, columns, text_indexes)
        return cls(columns, searcher, cache, costs, position.seq, *built)

    @classmethod
    def rebuilt(
        cls, store: Store, cache: BitmapCache, costs: Costs, progress: LoadProgress = no_progress,
        second: Sequence[str] = (),
    ) -> IndexWriter:  # fmt: skip
        """Build the index from the whole log. O(records)."""
        counts = store.counts()
        total, done = counts.companies + counts.contacts, 0

        def count(more: int) -> None:
            nonlocal done
            done += more
            progress("reading records", done, max(total, done))

        count(0)
        built_ms = time.time_ns() // 1_000_000
        columns, position = load_log(store, costs, count, second if total >= costs.large_segment_records else ())
        writer = cls.merged(columns, position, cache, costs, progress, (position.seq, built_ms))
        writer.second = second
        return writer

    @classmethod
    def merged(
        cls,
        columns: ColumnStore,
        position: Position,
        cache: BitmapCache,
        costs: Costs,
        progress: LoadProgress = no_progress,
        built: tuple[int, int] = (0, 0),
    ) -> IndexWriter:
        """Write a single base segment of all columns, which reflect the log at `position`. O(records).

        `built` says when the columns were read from the log.
        """
        done = 0

        def step() -> None:
            nonlocal done
            done += 1
            progress("building the index", done, 0)  # the number of steps depends on the texts

        columns.compact()
        text_indexes = make_text_indexes(costs, columns, {})
        everything = _all_nums(columns.companies), _all_nums(columns.contacts)
        segments = (write_segments(columns, text_indexes, *everything, cache, costs, step, parallel=True),)
        searcher = make_searcher(costs, position, segments, columns, text_indexes)
        return cls(columns, searcher, cache, costs, position.seq, *built)

    def replace(self, other: IndexWriter) -> None:
        """Replace this writer's state with `other`'s."""
        for name in self.__slots__:
            if name != "second":
                setattr(self, name, getattr(other, name))

    def _rebuild(self, store: Store, progress: LoadProgress) -> None:
        """Rebuild from the log after an unrecoverable gap."""
        self.replace(IndexWriter.rebuilt(store, self.cache.fresh(), self.costs, progress, self.second))

    def renew(self, store: Store, progress: LoadProgress = no_progress) -> None:
        """Force-merge into a single base segment as of the log position at the start of the call. O(records).

        Later changes are left for the next call. Waiting for the end of the log would never finish during an import.
        """
        try:
            applied = self._apply_log(store, None, self.costs.records_per_batch, no_pause, progress)
        except LookupError:
            self._rebuild(store, progress)
            return
        if applied is not None or len(self.searcher.segments) > 1:
            self._merge(self.searcher.position if applied is None else applied[0], progress)

    def merge(self) -> None:
        """Force-merge what was applied into a single base segment. O(records)."""
        self._merge(self.searcher.position, no_progress)

    def _merge(self, position: Position, progress: LoadProgress) -> None:
        """Merge everything into a new base. The dictionaries stay as they are."""
        built = self.built, self.built_ms
        self.replace(IndexWriter.merged(self.columns, position, self.cache.fresh(), self.costs, progress, built))

    def advance(
        self,
        store: Store,
        limit: int | None,
        pause: Pause | None = None,
        progress: LoadProgress = no_progress,
        rebase: bool = True,
        take_lock: TakeLock = without_lock,
    ) -> bool:
        """Apply up to about `limit` changes of the log, or all of them. Returns whether there were any.

        `pause` is called after each step. Without it, documents are decoded a batch at a time: large batches make
        lookups in dictionaries and hash tables faster, because they are sorted. `rebase`: whether everything may be
        merged into a new base. Without the lock that `take_lock` takes, only small segments are merged.
        """
        size = self.costs.records_per_batch if pause is None else self.costs.documents_per_step
        pause = pause or no_pause
        try:
            applied = self._apply_log(store, limit, size, pause, progress)
        except LookupError:
            self._rebuild(store, progress)
            return True
        if applied is None:
            return False
        position, companies, contacts = applied
        before = self.searcher
        contacts = sorted_unique(np.concatenate([contacts, contacts_of_companies(before.segments, companies)]))
        with ExitStack() as held:
            outgrown, kept, companies, contacts = merge_plan(
                before.segments, companies, contacts, self.costs, lambda: held.enter_context(take_lock())
            )
            if outgrown and rebase:
                self._merge(position, progress)
            else:
                text_indexes = make_text_indexes(self.costs, self.columns, before.text_indexes)
                added = write_segments(self.columns, text_indexes, companies, contacts, self.cache, self.costs, pause)
                segments = (*kept, added)
                self.outgrown = outgrown and segments[:-1] == kept
                self.searcher = make_searcher(self.costs, position, segments, self.columns, text_indexes)
                self.broken = False
        progress("catching up", position.seq, position.seq)
        return True

    def _apply_log(
        self, store: Store, limit: int | None, size: int, pause: Pause, progress: LoadProgress
    ) -> tuple[Position, Nums, Nums] | None:  # fmt: skip
        """Apply changes to the columns. Returns the new log position and the changed companies and contacts, or None if
        there are no changes. The caller must then write segments.

        Raises LookupError if the log no longer has all changes since the last position, or the columns are broken.
        """
        if self.broken:
            raise LookupError("changes were only partly applied to the columns")
        position = self.searcher.position
        end = store.position().seq if limit is None else 0
        most = self.costs.records_per_batch if limit is None else min(limit, self.costs.records_per_batch)
        found: list[tuple[Nums, Nums]] = []
        # Only up to the end of the log at the start: during an import there would always be more.
        while not found or position.seq < end:
            changes = store.changes(position.seq, most)
            if changes is None:
                break
            if found:
                progress("catching up", position.seq, max(end, position.seq))
            self.broken = True
            found.append(apply_changes(self.columns, changes, pause, size))
            position = changes.position
            del changes  # frees its documents before the next are read
        if not found:
            return None
        companies, contacts = (sorted_unique(np.concatenate(nums)) for nums in zip(*found, strict=True))
        return position, companies, contacts


def _all_nums(table: Any) -> Nums:
    """All nums of a table."""
    return np.arange(len(table), dtype=np.uint32)
