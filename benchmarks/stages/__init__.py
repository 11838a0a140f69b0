"""The benchmark's stages: modules with `run(bench)`, each run in a separate process, each repeatable alone."""

from __future__ import annotations

from typing import Final

STAGES: Final = {
    name: "benchmarks.peers.stage" if name == "peers" else f"benchmarks.stages.{name}"
    for name in (
        "data", "engine", "start", "http", "holdup", "rebuild", "peers", "cluster", "freshness", "imports", "nights",
    )
}  # fmt: skip
"""The module of each stage, in the order in which they run. Those that change the data work on a copy."""
