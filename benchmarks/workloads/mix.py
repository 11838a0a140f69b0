"""The mix as plain tuples: its shape's name, what is searched, and the request body."""

from __future__ import annotations

from typing import Any

from benchmarks.workloads import load
from letrics.records import Kind


def mix(count: int = 500, companies: int = 100_000, seed: int = 1) -> list[tuple[str, Kind, dict[str, Any]]]:  # noqa: ARG001
    """The first `count` searches of the mix; `companies` is how many the data has."""
    return [(search.name, search.kind, search.body) for search in load("mix", companies)[:count]]
