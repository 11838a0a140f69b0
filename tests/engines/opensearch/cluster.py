"""Engines on the OpenSearch node of the test run, each with its own prefix."""

from __future__ import annotations

import secrets

from letrics.backends.opensearch import FollowedOpenSearchEngine
from letrics.engines.opensearch.cluster_address import read_address
from letrics.engines.opensearch.cluster_client import Client
from letrics.engines.opensearch.following.cluster_target import ClusterTarget
from letrics.engines.opensearch.names import IndexNames
from tests.servers.opensearch import shared_url


class HeldLease:
    """A lease that this process has while `held` is true."""

    def __init__(self, held: bool = True) -> None:
        self.held = held

    def start(self) -> None:
        """See Lease."""

    def is_held(self) -> bool:
        """See Lease."""
        return self.held

    def close(self) -> None:
        """See Lease."""
        self.held = False


def new_names() -> IndexNames:
    """Names that no other test uses."""
    return IndexNames(f"test-{secrets.token_hex(6)}")


def make_client() -> Client:
    """A client of the node. Skips the test if none can run here."""
    return Client(read_address(shared_url()))


def make_engine(
    names: IndexNames, lease: HeldLease, *, budget_ms: int = 60_000, keep_seconds: float = 60.0, part: int = 5_000
) -> FollowedOpenSearchEngine:
    """An engine with its own client. Skips the test if no node can run here."""
    client = make_client()
    target = ClusterTarget(client, names, lease, keep_seconds=keep_seconds, part=part)
    return FollowedOpenSearchEngine(client, names, target, budget_ms=budget_ms)
