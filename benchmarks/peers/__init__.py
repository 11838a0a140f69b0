"""Other databases that people might use instead; README.md in this folder describes their schemas and queries."""

from __future__ import annotations

from importlib import import_module
from typing import Final

from benchmarks.peers.base import Peer

_CLASSES: Final = {"postgresql": "PostgreSql", "duckdb": "DuckDb", "sqlite": "Sqlite", "tantivy": "Tantivy"}
"""The module of each peer and its class."""
NAMES: Final = tuple(_CLASSES)


def peer(name: str) -> Peer:
    """The peer with one of NAMES; its package is imported only when it is used."""
    made: Peer = getattr(import_module(f"benchmarks.peers.{name}"), _CLASSES[name])()
    return made
