"""The engine of an OpenSearch cluster that a test starts and damages itself."""

from __future__ import annotations

from pathlib import Path

from letrics.backends.base import StoreBackend
from letrics.backends.opensearch import FollowedOpenSearchEngine, OpenSearchBackend
from letrics.backends.sqlite import SqliteBackend
from letrics.engines.opensearch.cluster_address import read_address
from letrics.engines.opensearch.cluster_client import Client

__all__ = ["Client", "FollowedOpenSearchEngine", "cluster_backend"]


def cluster_backend(url: str, directory: Path) -> tuple[OpenSearchBackend, StoreBackend]:
    """The back end of the engine at `url`, and that of the log in a directory, which it follows."""
    log = SqliteBackend(directory / "letrics.db")
    return OpenSearchBackend(read_address(url), log, budget_ms=1000), log
