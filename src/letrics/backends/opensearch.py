"""The engine back end of an OpenSearch cluster that all hosts search and one process feeds."""

from __future__ import annotations

import time
from random import SystemRandom
from typing import Final

from letrics.backends.base import StoreBackend
from letrics.engines.base import EngineAway, LoadProgress, SavedIndex
from letrics.engines.opensearch.cluster_address import Address
from letrics.engines.opensearch.cluster_client import Client
from letrics.engines.opensearch.following.builds import Builds
from letrics.engines.opensearch.following.cluster_target import ClusterTarget
from letrics.engines.opensearch.following.index_comparison import IndexComparison
from letrics.engines.opensearch.following.lease_keeper import LeaseKeeper, lease_name
from letrics.engines.opensearch.following.position_document import read_position
from letrics.engines.opensearch.names import IndexNames
from letrics.engines.opensearch.opensearch_engine import OpenSearchEngine
from letrics.store.base import Position, Store

_POLL_SECONDS: Final = 0.1
"""Pause between two questions for how far the process that feeds the indexes has got."""


class FollowedOpenSearchEngine:
    """The indexes `names` of a cluster, which `target` keeps up to date; see FollowedEngine."""

    def __init__(self, client: Client, names: IndexNames, target: ClusterTarget, *, budget_ms: int) -> None:
        self.engine = _ClosingEngine(client, names, budget_ms)
        self._client = client
        self._names = names
        self._target = target

    def load(self, store: Store, progress: LoadProgress | None = None) -> None:
        """See FollowedEngine. While another process feeds the indexes, it waits for that one."""
        target, end = self._target, store.position()
        while True:
            target.load(store, progress)
            while target.apply(store):
                pass
            if _has_reached(target.position(), end):
                return
            time.sleep(_POLL_SECONDS)

    def rebuild(self, store: Store) -> None:
        """Replace the indexes by rebuilt ones. Does nothing if another process feeds them."""
        self._target.rebuild(store)

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

    def make(self) -> FollowedOpenSearchEngine:
        """See EngineBackend."""
        client = Client(self.address)
        lease = LeaseKeeper(self._store.open_lease, lease_name(self._names))
        target = ClusterTarget(client, self._names, lease, shards=self.address.shards)
        return FollowedOpenSearchEngine(client, self._names, target, budget_ms=self._budget_ms)

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
            if found is None:
                return None
            size, position = Builds(client, self._names).bytes(), found.position
            if position.log != end.log:
                return SavedIndex(size, found.written_ms, None, damage="it is of another database")
            return SavedIndex(size, found.written_ms, max(0, end.seq - position.seq))
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


def _has_reached(position: Position | None, end: Position) -> bool:
    return position is not None and position.log == end.log and position.seq >= end.seq
