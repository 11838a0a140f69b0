"""An engine on the OpenSearch node of the test run, with separate indexes for each directory."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import Final

from letrics.backends.base import FollowedEngine
from letrics.backends.opensearch import FollowedOpenSearchEngine
from letrics.engines.opensearch.cluster_address import read_address
from letrics.engines.opensearch.cluster_client import Client
from letrics.engines.opensearch.following.cluster_target import ClusterTarget
from letrics.engines.opensearch.names import IndexNames
from tests.engines.opensearch.cluster import HeldLease
from tests.servers.opensearch import shared_url

_SECONDS: Final = 60.0
"""Time limit for the deletion of indexes."""
_USED: Final[list[str]] = []
"""The prefix of the indexes that this process used last."""


def opensearch(directory: Path, budget_ms: int, shards: int = 1) -> FollowedEngine:
    """An engine over indexes that belong to the directory, of `shards` shards. Those of the one before are deleted."""
    own = hashlib.blake2b(str(directory).encode(), digest_size=6).hexdigest()
    prefix = f"test-{os.getpid()}-{own}"
    client = Client(read_address(f"{shared_url()}/{prefix}"))
    if _USED and _USED[-1] != prefix:
        client.request_blocking("DELETE", f"/{_USED.pop()}-*", seconds=_SECONDS)
    if not _USED:
        _USED.append(prefix)
    names = IndexNames(prefix)
    target = ClusterTarget(client, names, HeldLease(), shards=shards, keep_seconds=0)
    return FollowedOpenSearchEngine(client, names, target, budget_ms=budget_ms)
