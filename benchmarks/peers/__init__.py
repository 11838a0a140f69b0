"""What people would use instead, laid out as well as whoever knows it would: see README.md in this folder."""

from __future__ import annotations

from importlib import import_module

from benchmarks.peers.base import Peer

NAMES = ("postgresql", "duckdb", "sqlite", "tantivy")


def peer(name: str) -> Peer:
    """The peer of one of NAMES; its package is imported only when it is used."""
    made: Peer = import_module(f"benchmarks.peers.{name}").peer()
    return made
