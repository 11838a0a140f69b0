"""The engine of an OpenSearch cluster that a test starts and damages itself."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final, Literal

from letrics.backends.base import StoreBackend
from letrics.backends.opensearch import FollowedOpenSearchEngine, OpenSearchBackend
from letrics.backends.sqlite import SqliteBackend
from letrics.engines.opensearch.cluster_address import Address, read_address
from letrics.engines.opensearch.cluster_client import Client
from letrics.engines.opensearch.following.index_comparison import IndexComparison
from letrics.engines.opensearch.names import PARTS, IndexNames
from letrics.store.base import Store

__all__ = [
    "COPIES",
    "Client",
    "FollowedOpenSearchEngine",
    "cluster_backend",
    "copy_differences",
    "document_counts",
]

Copy = Literal["_primary", "_replica"]
COPIES: Final[tuple[Copy, ...]] = ("_primary", "_replica")
"""The copies of each shard on a cluster of several nodes, as searches name them."""


class _CopyClient(Client):
    """Sends searches to one copy of each shard."""

    def __init__(self, address: Address, copy: Copy) -> None:
        super().__init__(address)
        self._copy = copy

    def request_blocking(
        self, method: str, path: str, body: object = None, *, seconds: float | None = None, missing: bool = False
    ) -> Any:
        path += f"&preference={self._copy}" if "/_search?" in path else ""
        return super().request_blocking(method, path, body, seconds=seconds, missing=missing)


def cluster_backend(url: str, directory: Path) -> tuple[OpenSearchBackend, StoreBackend]:
    """The back end of the engine at `url`, and that of the log in a directory, which it follows."""
    log = SqliteBackend(directory / "letrics.db")
    return OpenSearchBackend(read_address(url), log, budget_ms=1000), log


def copy_differences(address: Address, store: Store, copy: Copy) -> list[str]:
    """Compare all documents of one copy of each shard with the log. Returns the differences as sentences."""
    client = _CopyClient(address, copy)
    try:
        return IndexComparison(client, IndexNames(address.prefix), store).in_full()
    finally:
        client.close()


def document_counts(address: Address) -> dict[str, dict[str, int]]:
    """The number of documents of each index by copy: p is the primary, r the replica. The indexes have one shard."""
    client, names = Client(address), IndexNames(address.prefix)
    try:
        return {
            part: {
                shard["prirep"]: int(shard["docs"])
                for shard in client.request_blocking(
                    "GET", f"/_cat/shards/{names.alias(part)}?format=json&h=prirep,docs", seconds=30
                )
            }
            for part in PARTS
        }
    finally:
        client.close()
