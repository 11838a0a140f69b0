"""The benchmark's stages: modules with `run(bench)`, each run in a process of its own, each repeated by itself."""

from __future__ import annotations

from typing import Final

STAGES: Final = (
    "data", "engine", "start", "http", "holdup", "rebuild", "peers", "freshness", "imports", "nights",
)  # fmt: skip
"""In the order they are run: those that change the data work on a copy, and come last."""
