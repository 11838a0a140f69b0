"""The saved index of a log: refreshed after an import, rebuilt, and described."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from letrics.engines.base import LoadProgress, SavedIndex, count_lacking
from letrics.engines.bitmap.engine import BitmapEngine
from letrics.engines.bitmap.following.rebuilder import alone
from letrics.engines.bitmap.storage.serializer import SnapshotUnusable, saved_built, saved_position
from letrics.engines.common.erasure_schedule import has_erased
from letrics.store.base import Position, Store

SAVE_AFTER: Final = 100_000
"""Changes since the last snapshot after which a new one is saved."""
LAG: Final = 0.02
"""Share of all records that must have changed since a large index was saved for it to be rebuilt."""
REFRESH_AFTER: Final = 20_000
"""The minimum number of changes after which an import saves the index, and so does a server that had to apply them when
it started: another host may have imported them.

The changes must also exceed the share of all records at which a server rebuilds its index. A process that loads the
index applies fewer changes than that within a moment.
"""


def refresh_snapshot(engine: BitmapEngine, store: Store, snapshot: Path, progress: LoadProgress | None = None) -> bool:
    """Save an index that is up to date with the log, if the saved one lacks many changes or there is none.

    `engine` is used to load it. Returns False if another process, such as a server, is saving the index.
    """
    if not _lacks_much(store, snapshot):
        return True
    with alone(snapshot) as only:
        if only:
            engine.load(store, snapshot, progress)
            _write(engine, store, snapshot)
        return only


def rebuild_snapshot(engine: BitmapEngine, store: Store, snapshot: Path) -> None:
    """Save an index that was merged into one base, or read from the log if the saved one has values that have to go.

    Does nothing if another process is saving the index.
    """
    with alone(snapshot) as only:
        if only:
            if _has_erased(store, snapshot):
                engine.reread(store)
            else:
                engine.renew(store, snapshot)
            _write(engine, store, snapshot)


def erase_snapshot(engine: BitmapEngine, store: Store, snapshot: Path, progress: LoadProgress | None = None) -> bool:
    """Replace a saved index that has values which have to go. Returns False if another process is saving the index."""
    if not snapshot.exists() or not _has_erased(store, snapshot):
        return True
    with alone(snapshot) as only:
        if only:
            engine.reread(store, progress)
            _write(engine, store, snapshot)
        return only


def _has_erased(store: Store, snapshot: Path) -> bool:
    """Whether the saved index may have values of people who were forgotten, or of records that were deleted long ago.

    A file that cannot be read may have them, too.
    """
    try:
        return has_erased(*saved_built(snapshot), store.erasures())
    except FileNotFoundError:
        return False


def describe_snapshot(snapshot: Path, end: Position) -> SavedIndex | None:
    """Describe the saved index of a log that ends at `end`. None if no index is saved."""
    if not snapshot.exists():
        return None
    stat = snapshot.stat()
    size, saved_ms = stat.st_size, int(stat.st_mtime * 1000)
    try:
        saved = saved_position(snapshot)
    except SnapshotUnusable as error:
        return SavedIndex(size, saved_ms, lacks=None, damage=str(error))
    lacks = count_lacking(saved, end)
    return SavedIndex(size, saved_ms, lacks, None if lacks is not None else "it is of another database")


def save_if_behind(engine: BitmapEngine, store: Store, snapshot: Path, save_after: int = SAVE_AFTER) -> None:
    """Save the index if the snapshot lacks `save_after` changes, is missing or cannot be used, unless another process
    saves one. An index without changes is not saved."""
    unusable = engine.seq() > 0 and not engine.can_load(store, snapshot)
    if unusable or engine.lacks(snapshot) >= save_after:
        with alone(snapshot) as only:
            if only:
                _write(engine, store, snapshot)


def replace_erased(engine: BitmapEngine, store: Store, snapshot: Path) -> bool:
    """Replace a saved index that has values which have to go by this one, which has none.

    Returns False if another process is saving the index: it may have begun with those values.
    """
    if not _has_erased(store, snapshot):
        return True
    with alone(snapshot) as only:
        if only:
            _write(engine, store, snapshot)
        return only


def _write(engine: BitmapEngine, store: Store, snapshot: Path) -> None:
    """Save the index, and have the log keep the deletions that it does not reflect yet. Holds the lock."""
    seq = engine.seq()
    engine.save(snapshot)
    store.follow("snapshot", seq)


def _lacks_much(store: Store, snapshot: Path) -> bool:
    counts = store.counts()
    try:
        saved = saved_position(snapshot)
    except FileNotFoundError:
        return counts.companies + counts.contacts > 0
    except SnapshotUnusable:
        return True
    end = store.position()
    lacks = end.seq - saved.seq
    return end.log != saved.log or lacks > max(REFRESH_AFTER, LAG * (counts.companies + counts.contacts))
