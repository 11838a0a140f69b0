"""Figures for people and for the file: percentiles, the machine they were measured on, a table."""

from __future__ import annotations

import math
import os
import platform
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any


def percentiles(values: Sequence[float]) -> dict[str, float]:
    """p50, p90, p99 and the largest, by nearest rank."""
    ordered = sorted(values)

    def at(share: float) -> float:
        return round(ordered[max(0, math.ceil(share * len(ordered)) - 1)], 3)

    return {"p50": at(0.5), "p90": at(0.9), "p99": at(0.99), "max": at(1.0)}


def machine() -> dict[str, Any]:
    """What the figures were measured on."""
    model = next(
        (
            line.split(":", 1)[1].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if "model name" in line
        ),
        platform.processor(),
    )
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return {
        "cpu": model,
        "cores": os.cpu_count(),
        "memory_gb": round(memory / 2**30, 1),
        "system": platform.platform(),
        "python": platform.python_version(),
        "load_before": round(os.getloadavg()[0], 2),
        "commit": commit(),
    }


def commit() -> str:
    told = subprocess.run(["git", "describe", "--always", "--dirty"], capture_output=True, text=True, check=False)
    return told.stdout.strip()


def by_shape(asked: Sequence[dict[str, Any]], member: str) -> dict[str, dict[str, float]]:
    names = dict.fromkeys(one["shape"] for one in asked)
    return {name: percentiles([one[member] for one in asked if one["shape"] == name]) for name in names}


def table(result: dict[str, Any]) -> str:
    """The figures of one run, a line each."""
    size, load, engine, http, peer = (result[part] for part in ("size", "import", "engine", "http", "peer"))
    lines = [
        ("records", f"{size['contacts']:,} contacts, {size['companies']:,} companies"),
        ("machine", "{cpu}, {cores} cores, Python {python}, load {load_before}".format(**result["machine"])),
        (
            "import with index",
            f"{load['rows_per_second']:,.0f} rows/s of time, {load['rows_per_cpu_second']:,.0f} rows/s of CPU "
            f"({load['wall_s']:.0f} s), on one core",
        ),
        ("database, index on disk", f"{load['database_bytes'] / 1e6:,.0f} MB, {load['index_bytes'] / 1e6:,.0f} MB"),
        ("start from snapshot", f"{engine['start_s']:.2f} s"),
        (
            "memory",
            f"{engine['index_bytes'] / 1e6:,.0f} MB for the index, {engine['process_bytes'] / 1e6:,.0f} MB in all",
        ),
        ("engine, ms", _spread(engine["search_ms"])),
        ("documents of a page, ms", _spread(engine["documents_ms"])),
        ("HTTP, one connection, ms", _spread(http["ms"])),
    ]
    if peer:
        lines += [
            ("SQLite, ms", _spread(peer["ms"]) + f" ({peer['asked']} searches, {peer['gave_up']} over 30 s)"),
            ("engine on the same, ms", _spread(peer["engine_ms"])),
            ("SQLite / engine", f"{peer['ratio_of_sums']:,.0f} times in sum, {peer['ratio_p50']:,.0f} in the median"),
            ("totals and pages", f"{peer['equal']} equal, {peer['different']} different"),
        ]
    width = max(len(name) for name, _ in lines)
    shapes = [f"    {name:<32} {_spread(spread)}" for name, spread in engine["shapes"].items()]
    return "\n".join([f"{name:<{width}}  {text}" for name, text in lines] + ["engine by shape, ms", *shapes])


def _spread(spread: dict[str, float]) -> str:
    return "  ".join(f"{name} {value:,.2f}" for name, value in spread.items())
