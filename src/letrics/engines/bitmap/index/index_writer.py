"""A draft of the index: what the follower of the log works on, before its state is published to those who ask."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from letrics.engines.bitmap.columns.table import ColumnStore
from letrics.engines.bitmap.index.bulk_load import load_log
from letrics.engines.bitmap.index.merge_policy import apply_changes, contacts_of_companies, merge_plan
from letrics.engines.bitmap.kernel.arrays import Nums, sorted_unique
from letrics.engines.bitmap.searcher import Searcher, make_searcher, make_text_indexes
from letrics.engines.bitmap.segment.segment_writer import write_segments
from letrics.engines.bitmap.storage.bitmap_store import BitmapCache
from letrics.engines.bitmap.storage.serializer import SnapshotUnusable, load_snapshot
from letrics.store.base import Position, Store

Progress = Callable[[str, int, int], None]
"""Told what is being done, how many records are, and of how many."""
Pause = Callable[[], None]

FAR_BEHIND_CHANGES: Final = 200_000
"""Who takes so many changes at a time is far behind: all are taken before any postings are made."""
_OFFLINE_BATCH: Final = 32_768
"""Records taken in at a time by one who serves nobody meanwhile: of so many texts, those that are near to each other in
the tables are looked up together."""
_MAX_CHANGES_PER_READ: Final = 50_000
"""Changes read at a time, whole batches, by one who is far behind: their documents are held in memory."""
_MIN_PARALLEL_RECORDS: Final = 400_000
"""A log of so many records is read by two processes."""


def no_pause() -> None:
    """Of one who serves nobody meanwhile."""


def no_progress(_text: str, _done: int, _total: int) -> None:
    """Told to nobody."""


@dataclass(slots=True)
class IndexWriter:
    """Columns, the state made from them, and the log's number its base is of. `outgrown`: a new base is due. `broken`:
    changes were taken into the columns of which the state does not know."""

    columns: ColumnStore
    searcher: Searcher
    cache: BitmapCache
    base: int
    outgrown: bool = False
    broken: bool = False

    @classmethod
    def saved(
        cls,
        store: Store,
        snapshot: Path,
        cache: BitmapCache,
        progress: Progress = no_progress,
        pause: Pause | None = None,
    ) -> IndexWriter | None:
        """As it was saved; None where that is missing, or not usable, which is told why."""
        try:
            position, columns, segments, text_indexes = load_snapshot(snapshot, cache, pause)
        except FileNotFoundError:
            return None
        except SnapshotUnusable as error:
            progress(f"the saved index is not used: {error}", 0, 0)
            return None
        if not store.has_batch(position):
            progress("the saved index is of another log or newer than this one, and is not used", 0, 0)
            return None
        return cls(columns, make_searcher(position, segments, columns, text_indexes), cache, position.seq)

    @classmethod
    def rebuilt(cls, store: Store, cache: BitmapCache, progress: Progress = no_progress) -> IndexWriter:
        """From the whole log."""
        counts = store.counts()
        total, done = counts.companies + counts.contacts, 0

        def told(more: int) -> None:
            nonlocal done
            done += more
            progress("reading records", done, max(total, done))

        told(0)
        columns, position = load_log(store, told, total >= _MIN_PARALLEL_RECORDS)
        return cls.merged(columns, position, cache, progress)

    @classmethod
    def merged(
        cls, columns: ColumnStore, position: Position, cache: BitmapCache, progress: Progress = no_progress
    ) -> IndexWriter:
        """With one base of all that the columns hold, which is the log as of `position`."""
        done = 0

        def step() -> None:
            nonlocal done
            done += 1
            progress("building the index", done, 0)  # how many steps there are depends on the texts

        columns.compact()
        text_indexes = make_text_indexes(columns, {})
        everything = _all_nums(columns.companies), _all_nums(columns.contacts)
        segments = (write_segments(columns, text_indexes, *everything, cache, step),)
        return cls(columns, make_searcher(position, segments, columns, text_indexes), cache, position.seq)

    def replace(self, other: IndexWriter) -> None:
        """Be the other."""
        for name in self.__slots__:
            setattr(self, name, getattr(other, name))

    def _read_again(self, store: Store, progress: Progress) -> None:
        """Be made from the whole log, where going on from here cannot be."""
        self.replace(IndexWriter.rebuilt(store, self.cache.fresh(), progress))

    def renew(self, store: Store, progress: Progress = no_progress) -> None:
        """Be one base of all that the log has when this begins. O(records). What comes meanwhile is left for later: who
        waited for nothing to come would never end beside an import."""
        try:
            taken = self._take(store, FAR_BEHIND_CHANGES, _OFFLINE_BATCH, no_pause, progress)
        except LookupError:
            self._read_again(store, progress)
            return
        if taken is not None or len(self.searcher.segments) > 1:
            position = self.searcher.position if taken is None else taken[0]
            self.replace(IndexWriter.merged(self.columns, position, self.cache.fresh(), progress))

    def advance(
        self,
        store: Store,
        limit: int,
        size: int = _OFFLINE_BATCH,
        pause: Pause = no_pause,
        progress: Progress = no_progress,
        rebase: bool = True,
    ) -> bool:
        """Bring columns and state further, up to about `limit` changes of the log, decoded `size` at a time; whether
        there were any. `rebase`: all may be merged into a new base."""
        try:
            taken = self._take(store, limit, size, pause, progress)
        except LookupError:
            self._read_again(store, progress)
            return True
        if taken is None:
            return False
        position, companies, contacts = taken
        before = self.searcher
        contacts = sorted_unique(np.concatenate([contacts, contacts_of_companies(before.segments, companies)]))
        outgrown, kept, companies, contacts = merge_plan(before.segments, companies, contacts)
        if outgrown and rebase:
            self.replace(IndexWriter.merged(self.columns, position, self.cache.fresh(), progress))
        else:
            text_indexes = make_text_indexes(self.columns, before.text_indexes)
            segments = (*kept, write_segments(self.columns, text_indexes, companies, contacts, self.cache, pause))
            self.outgrown = outgrown and segments[:-1] == kept
            self.searcher = make_searcher(position, segments, self.columns, text_indexes)
            self.broken = False
        progress("catching up", position.seq, position.seq)
        return True

    def _take(
        self, store: Store, limit: int, size: int, pause: Pause, progress: Progress
    ) -> tuple[Position, Nums, Nums] | None:  # fmt: skip
        """Take changes into the columns: where the log then stood, and the companies and contacts changed; None where
        there are none. The state is then to be made anew. Raises LookupError where the log no longer has all that came
        since, or the columns are broken."""
        if self.broken:
            raise LookupError("changes were taken into the columns only in part")
        position = self.searcher.position
        known = store.position().seq if limit >= FAR_BEHIND_CHANGES else 0
        found: list[tuple[Nums, Nums]] = []
        # Not what comes meanwhile, which might never end.
        while not found or position.seq < known:
            changes = store.changes(position.seq, min(limit, _MAX_CHANGES_PER_READ))
            if changes is None:
                break
            if found:
                progress("catching up", position.seq, max(known, position.seq))
            self.broken = True
            found.append(apply_changes(self.columns, changes, pause, size))
            position = changes.position
            del changes  # its documents, before there are others
        if not found:
            return None
        companies, contacts = (sorted_unique(np.concatenate(nums)) for nums in zip(*found, strict=True))
        return position, companies, contacts


def _all_nums(table: Any) -> Nums:
    return np.arange(len(table), dtype=np.uint32)
