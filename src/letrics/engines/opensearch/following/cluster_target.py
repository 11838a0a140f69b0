"""The indexes of a cluster as the target of a follower: loaded, changed and rebuilt by the process with the lease."""

from __future__ import annotations

import logging
import math
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import chain
from typing import Final

from letrics.collector import rare_collection
from letrics.engines.base import EngineAway, LoadProgress
from letrics.engines.common.erasure_schedule import ERASE_SECONDS, NEVER, ErasureSchedule, ReadAt, has_erased
from letrics.engines.opensearch.cluster_client import Client, ClusterError
from letrics.engines.opensearch.documents import DocumentBuilder
from letrics.engines.opensearch.following.builds import Build, Builds
from letrics.engines.opensearch.following.bulk_sender import LOAD_TIMES, BulkSender
from letrics.engines.opensearch.following.change_parts import contacts_of_companies, parts_of
from letrics.engines.opensearch.following.lease_keeper import Lease
from letrics.engines.opensearch.following.position_document import (
    CONFLICT,
    is_rebuild_requested,
    read_position,
    write_position,
)
from letrics.engines.opensearch.following.segment_merges import SegmentMerges
from letrics.engines.opensearch.following.sweeper import IndexSweeper
from letrics.engines.opensearch.names import PARTS, IndexNames
from letrics.engines.opensearch.requirements import check_cluster, check_names
from letrics.store.base import Position, Store
from letrics.store.progress_log import ProgressLog

_log = logging.getLogger("letrics.follower")

_CHANGES: Final = 20_000
"""Changes that are applied together. More if a batch has more."""
_PART: Final = 5_000
"""Records that are read together: of the whole log, and contacts of companies that changed."""
_MAX_CACHED_BYTES_WHILE_LOADING: Final = 1 << 30
"""Maximum size of the cached members of companies during a load, about 1.1 KB each: contacts name them in no order, and
each one that is not cached is read from the store and encoded again."""
_MISSING: Final = 404
"""The status of an index or alias that is missing."""
_OTHER_LOG: Final = "the indexes %s-* are of another database and are loaded again: each needs its own prefix"
_DELETED: Final = "one of the indexes %s-* was deleted: they are loaded again"
_REQUESTED: Final = "the indexes %s-* are loaded again, as a command asked"
_LOOK_SECONDS: Final = 1.0
"""Seconds between two looks for a reason to load indexes again that have a position."""
_KEEP_SECONDS: Final = 60.0
"""Seconds after which the indexes of the build that was searched before are deleted."""


class _Interrupted(Exception):
    """The follower is stopping, or another process has the lease and has applied more."""


class ClusterTarget:
    """Keeps the indexes `names` up to date; see FollowerTarget.

    The process with `lease` writes to them. All others only read the position. New builds have `shards` shards. The
    indexes of a former build stay for `keep_seconds`, for searches that still use them. `part` is the number of records
    that are read together. `erase_seconds` after people were forgotten, the indexes are read again from the log.
    """

    def __init__(
        self, client: Client, names: IndexNames, lease: Lease, *, shards: int = 1, keep_seconds: float = _KEEP_SECONDS,
        part: int = _PART, erase_seconds: float = ERASE_SECONDS,
    ) -> None:  # fmt: skip
        self._client = client
        self._names = names
        self._lease = lease
        self._part = part
        self._erasing = ErasureSchedule(erase_seconds)
        self._read_at: ReadAt = NEVER
        self._builds = Builds(client, names, shards)
        self._sweeper = IndexSweeper(self._builds, names, keep_seconds)
        self._merges = SegmentMerges(self._builds, names)
        self._position: Position | None = None
        self._builder: DocumentBuilder | None = None
        self._built: Position | None = None
        self._built_from: Store | None = None
        self._checked = False
        self._looked_until = -math.inf
        self._closing = threading.Event()

    def position(self) -> Position | None:
        """See FollowerTarget."""
        return self._position

    def is_feeding(self) -> bool:
        """Whether this process has the lease."""
        return self._lease.is_held()

    def load(self, store: Store, progress: LoadProgress | None = None) -> bool:
        """See FollowerTarget. Without the lease, it reads how far the process with the lease has got."""
        if not self._checked:
            check_cluster(self._client)
            self._checked = True
        self._lease.start()
        found = read_position(self._client, self._names.alias("dictionary"))
        try:
            reason = None if found is None else self._reason_to_rebuild()
            if found is not None and reason is None and not store.has_batch(found.position):
                reason = _OTHER_LOG
            if found is None or reason is not None:
                self._position = None
                self._check_lease()
                if reason is not None:
                    _log.warning(reason, self._names.prefix)
                self._rebuild(store, progress)
                return True
            was_loaded, self._position = self._position is not None, None
            if found.suspended:
                self._check_lease()
                self._resume(store, found.position)
            else:
                self._position = found.position
            self._read_at = found.built
            return not was_loaded
        except _Interrupted:
            return False

    def apply(self, store: Store) -> bool:
        """See FollowerTarget."""
        if self._position is None or not self._lease.is_held():
            return False
        with suppress(_Interrupted):
            if self._apply(store, self._position):
                return True
            if self._erasing.is_due(store, self._position.seq, *self._read_at):
                _log.info("the indexes are read again from the log, without the values of deleted records")
                self._rebuild(store)
            self._sweeper.sweep(store)
            self._merges.show()
        return False

    def rebuild(self, store: Store, progress: LoadProgress | None = None) -> bool:
        """Replace the indexes by rebuilt ones. Returns False if another process has the lease or gets it meanwhile."""
        self._lease.start()
        try:
            self._rebuild(store, progress)
        except _Interrupted:
            return False
        return True

    def erase(self, store: Store, progress: LoadProgress | None = None) -> bool:
        """Read the indexes again from the log if they may have values of people who were forgotten.

        Returns False if another process has the lease: it will do so.
        """
        found = read_position(self._client, self._names.alias("dictionary"))
        if found is None or not has_erased(*found.built, store.erasures()):
            return True
        self._lease.start()
        try:
            self._rebuild(store, progress)
        except _Interrupted:
            return False
        self._builds.delete(self._builds.unpublished())
        return True

    def suspend(self) -> None:
        """See FollowerTarget. If the cluster is away, it refuses searches anyway."""
        position, self._position = self._position, None
        if position is not None and self._lease.is_held():
            try:
                write_position(self._client, self._names.alias("dictionary"), position, True, self._read_at)
            except (EngineAway, ClusterError) as error:
                _log.warning("searches of the index of the former database are not refused yet: %s", error)

    def close(self) -> None:
        """See FollowerTarget."""
        self._closing.set()
        self._client.interrupt()
        self._lease.close()

    def _check_lease(self) -> None:
        if self._closing.is_set() or not self._lease.is_held():
            raise _Interrupted

    def _reason_to_rebuild(self) -> str | None:
        """Why the indexes are loaded again although they have a position: one was deleted, or a command has asked.

        Only the process with the lease looks for it, once in a while.
        """
        now = time.monotonic()
        if now < self._looked_until or not self._lease.is_held():
            return None
        self._looked_until = now + _LOOK_SECONDS
        if not self._builds.is_complete():
            return _DELETED
        return _REQUESTED if is_rebuild_requested(self._client, self._names.alias("dictionary")) else None

    @contextmanager
    def _deletion_noticed(self) -> Iterator[None]:
        """Raise EngineAway if an index turns out to be missing. The next `load` loads the indexes again."""
        try:
            yield
        except ClusterError as error:
            if error.status == _MISSING:
                self._looked_until = -math.inf
                raise EngineAway("an index was deleted while it was being changed: it is loaded again") from error
            raise

    def _write_position(self, position: Position, suspended: bool = False) -> None:
        try:
            write_position(self._client, self._names.alias("dictionary"), position, suspended, self._read_at)
        except ClusterError as error:
            if error.status == CONFLICT:
                raise _Interrupted from None
            raise

    def _resume(self, store: Store, position: Position) -> None:
        """Apply all changes, then allow searches again."""
        self._position = position
        try:
            while self._apply(store, self._position, suspended=True):
                pass
            self._write_position(self._position)
        except BaseException:
            self._position = None
            raise

    def _apply(self, store: Store, position: Position, suspended: bool = False) -> bool:
        """Apply the changes after `position`. Returns whether there were any."""
        try:
            changes = store.changes(position.seq, _CHANGES)
        except LookupError as error:
            _log.warning("the index is rebuilt: %s", error)
            self._rebuild(store)
            return True
        if changes is None:
            return False
        end = changes.position
        builder = self._builder_at(store, position)
        self._built = None
        with self._deletion_noticed():
            with BulkSender(self._client, self._names.alias) as sender:
                for part in chain(parts_of(changes, self._part), contacts_of_companies(store, changes, self._part)):
                    self._check_lease()
                    sender.send(builder.build_documents(part), end.seq)
                sender.finish()
            self._builds.refresh(self._names.alias)
            self._check_lease()
            self._write_position(end, suspended)
        self._position = self._built = end
        return True

    def _builder_at(self, store: Store, position: Position) -> DocumentBuilder:
        """A builder whose cache of companies is that of the log at `position`."""
        if self._builder is None or self._built != position or self._built_from is not store:
            self._builder = DocumentBuilder(lambda nums: store.documents("companies", nums))
            self._built_from = store
        return self._builder

    def _rebuild(self, store: Store, progress: LoadProgress | None = None) -> None:
        """Load the whole log into a new build, and have searches use it."""
        started = time.monotonic()
        self._check_lease()
        check_names(self._client, self._names)
        self._builds.delete(self._builds.unpublished())
        build = self._builds.create()
        try:
            position = self._fill(store, build, progress)
            self._builds.complete(build, self._check_lease)
            self._read_at = position.seq, time.time_ns() // 1_000_000
            write_position(self._client, build.alias("dictionary"), position, False, self._read_at)
            self._builds.publish(build)
        except ClusterError as error:
            self._discard(build)
            if error.status == _MISSING:
                raise EngineAway("the new indexes were deleted while they were being loaded") from error
            raise
        except Exception:
            self._discard(build)
            raise
        except BaseException:  # Ctrl-C: the cluster may not reply
            self._client.interrupt()
            self._discard(build)
            raise
        self._sweeper.restart()
        self._merges.start()
        self._position = position
        _log.info("index loaded at seq %d after %.1f s", position.seq, time.monotonic() - started)

    def _fill(self, store: Store, build: Build, progress: LoadProgress | None) -> Position:
        """Send the whole log to a new build. Returns its position."""
        counts, done = store.counts(), 0
        total = max(1, counts.companies + counts.contacts)
        shown = ProgressLog(_log, "loading the index", total)
        self._builder = None  # releases its cache
        builder = DocumentBuilder(lambda nums: store.documents("companies", nums), _MAX_CACHED_BYTES_WHILE_LOADING)
        position = store.position()
        with rare_collection(), BulkSender(self._client, build.alias, LOAD_TIMES, self._check_lease) as sender:
            for changes in store.scan(self._part):
                self._check_lease()
                position = changes.position
                sender.send(builder.build_documents(changes), position.seq)
                done += len(changes.company_nums) + len(changes.contact_nums)
                if progress is None:
                    shown.show(done)
                else:
                    progress("loading the index", done, total)
            sender.finish()
        self._builds.refresh(build.alias)
        return position

    def _discard(self, build: Build) -> None:
        """Delete a build that was not completed. The next rebuild deletes it if that fails now."""
        try:
            self._builds.delete([build.index(part) for part in PARTS])
        except (EngineAway, ClusterError) as error:
            _log.warning("indexes that were not completed are not deleted yet: %s", error)
