"""The engine back end of an OpenSearch cluster that all hosts search and one process feeds."""

from __future__ import annotations

import time
from random import SystemRandom
from typing import Final

from letrics.backends.base import StoreBackend
from letrics.engines.base import EngineAway, LoadProgress, SavedIndex, count_lacking
from letrics.engines.opensearch.cluster_address import Address
from letrics.engines.opensearch.cluster_client import Client
from letrics.engines.opensearch.following.builds import Builds
from letrics.engines.opensearch.following.cluster_target import ClusterTarget
from letrics.engines.opensearch.following.index_comparison import IndexComparison
from letrics.engines.opensearch.following.lease_keeper import LeaseKeeper, lease_name
from letrics.engines.opensearch.following.position_document import read_position, request_rebuild
from letrics.engines.opensearch.names import IndexNames
from letrics.engines.opensearch.opensearch_engine import OpenSearchEngine
from letrics.engines.opensearch.requirements import check_blocks, check_cluster
from letrics.store.base import Position, Store

_POLL_SECONDS: Final = 0.1
"""Pause between two questions for how far the process that feeds the indexes has got."""
_CHECK_SECONDS: Final = 1.0
"""Pause between two questions whether that process makes progress."""
_STALLED_SECONDS: Final = 60.0
"""How long that process may send nothing before a command gives up. A node that merges segments can take that long."""


class FollowedOpenSearchEngine:
    """The indexes `names` of a cluster, which `target` keeps up to date; see FollowedEngine."""

    def __init__(
        self, client: Client, names: IndexNames, target: ClusterTarget, *, budget_ms: int,
        stalled_seconds: float = _STALLED_SECONDS,
    ) -> None:  # fmt: skip
        self.engine = _ClosingEngine(client, names, budget_ms)
        self._client = client
        self._names = names
        self._target = target
        self._stalled_seconds = stalled_seconds

    def load(self, store: Store, progress: LoadProgress | None = None) -> None:
        """See FollowedEngine. While another process feeds the indexes, it waits for that one.

        Raises EngineAway if that process sends nothing for `stalled_seconds`, or cannot send anything.
        """
        target, end = self._target, store.position()
        feeding = _Feeding(self._client, self._names, self._stalled_seconds)
        while True:
            target.load(store, progress)
            while target.apply(store):
                pass
            if _has_reached(target.position(), end):
                return
            feeding.check()
            time.sleep(_POLL_SECONDS)

    def rebuild(self, store: Store) -> None:
        """Replace the indexes by rebuilt ones. A process that feeds them is asked to do so, and waited for.

        Raises EngineAway as `load` does.
        """
        alias = self._names.alias("dictionary")
        feeding = _Feeding(self._client, self._names, self._stalled_seconds)
        before, is_requested = read_position(self._client, alias), False
        while not self._target.rebuild(store):
            found = read_position(self._client, alias)
            if found is not None and (before is None or found.built != before.built):
                return
            if found is not None and not is_requested:
                request_rebuild(self._client, alias)
                is_requested = True
            feeding.check()
            time.sleep(_POLL_SECONDS)

    def suspend(self) -> None:
        """See FollowedEngine."""
        self._target.suspend()

    def target(self) -> ClusterTarget:
        """See FollowedEngine."""
        return self._target

    def verify(self, store: Store, sample: int | None = None) -> list[str]:
        """See FollowedEngine."""
        comparison = IndexComparison(self._client, self._names, store)
        return comparison.in_full() if sample is None else comparison.of_sample(sample, SystemRandom())


class OpenSearchBackend:
    """Makes engines that search the cluster at `address`; see EngineBackend.

    `store` is the log, which also has the lease.
    """

    def __init__(self, address: Address, store: StoreBackend, *, budget_ms: int) -> None:
        self.address = address
        self._names = IndexNames(address.prefix)
        self._store = store
        self._budget_ms = budget_ms

    def make(self, stalled_seconds: float = _STALLED_SECONDS) -> FollowedOpenSearchEngine:
        """See EngineBackend. `stalled_seconds` is how long a command waits for a process that sends nothing."""
        client = Client(self.address)
        lease = LeaseKeeper(self._store.open_lease, lease_name(self._names))
        target = ClusterTarget(client, self._names, lease, shards=self.address.shards)
        return FollowedOpenSearchEngine(
            client, self._names, target, budget_ms=self._budget_ms, stalled_seconds=stalled_seconds
        )

    def refresh(self, store: Store, progress: LoadProgress | None = None) -> bool:
        """See EngineBackend. Brings the indexes up to the end of the log, unless another process feeds them, which does
        that without being asked: the result is always true."""
        made = self.make()
        try:
            target = made.target()
            target.load(store, progress)
            while target.apply(store):
                pass
            return True
        finally:
            target.close()
            made.engine.close()

    def rebuild(self, store: Store) -> None:
        """See EngineBackend."""
        made = self.make()
        try:
            made.rebuild(store)
        finally:
            made.target().close()
            made.engine.close()

    def erase(self, store: Store, progress: LoadProgress | None = None) -> bool:
        """See EngineBackend."""
        made = self.make()
        try:
            return made.target().erase(store, progress)
        finally:
            made.target().close()
            made.engine.close()

    def describe(self, end: Position) -> SavedIndex | None:
        """See EngineBackend."""
        client = Client(self.address)
        try:
            found = read_position(client, self._names.alias("dictionary"))
            problem = _problem(client, self._names)
            if found is None:
                return None if problem is None else SavedIndex(0, 0, None, away=problem)
            builds = Builds(client, self._names)
            lacks, damage = count_lacking(found.position, end), None
            if not builds.is_complete():
                lacks, damage = None, "one of its indexes was deleted"
            elif lacks is None:
                damage = "it is of another database"
            return SavedIndex(builds.bytes(), found.written_ms, lacks, damage, problem=problem)
        except EngineAway as error:
            return SavedIndex(0, 0, None, away=str(error))
        finally:
            client.close()


class _ClosingEngine(OpenSearchEngine):
    """An engine that has the only use of its client."""

    def __init__(self, client: Client, names: IndexNames, budget_ms: int) -> None:
        super().__init__(client, names, budget_ms=budget_ms)
        self._own = client

    def close(self) -> None:
        """See SearchEngine."""
        super().close()
        self._own.close()


class _Feeding:
    """Watches the process that feeds the indexes `names`, for one that waits for it."""

    def __init__(self, client: Client, names: IndexNames, stalled_seconds: float) -> None:
        self._client = client
        self._names = names
        self._builds = Builds(client, names)
        self._stalled_seconds = stalled_seconds
        self._indexed = -1
        self._since = self._asked = time.monotonic()

    def check(self) -> None:
        """Raise EngineAway if that process has sent nothing for too long, or the cluster accepts nothing."""
        now = time.monotonic()
        if now < self._asked + _CHECK_SECONDS:
            return
        self._asked, indexed = now, self._builds.indexed()
        if indexed != self._indexed or self._builds.is_copying():
            self._indexed, self._since = indexed, now
            return
        check_blocks(self._client, self._names)
        if now - self._since > self._stalled_seconds:
            raise EngineAway(
                f"another process feeds the indexes, and has sent nothing for {self._stalled_seconds:g} s: look at the "
                "logs of the servers, and restart the one that fails"
            )


def _problem(client: Client, names: IndexNames) -> str | None:
    """What keeps the cluster from being used or changed."""
    try:
        check_cluster(client)
        check_blocks(client, names)
    except EngineAway as error:
        return str(error)
    return None


def _has_reached(position: Position | None, end: Position) -> bool:
    return position is not None and position.log == end.log and position.seq >= end.seq
