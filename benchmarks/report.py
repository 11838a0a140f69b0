"""Figures for people: the machine they were measured on, what must be reached as a table, and a page of all of it."""

from __future__ import annotations

import os
import platform
import subprocess
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from benchmarks.measure import Spread
from benchmarks.targets import rows


def machine() -> dict[str, Any]:
    """What the figures were measured on."""
    named = (line for line in Path("/proc/cpuinfo").read_text().splitlines() if "model name" in line)
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return {
        "cpu": next(named, f":{platform.processor()}").split(":", 1)[1].strip(),
        "cores": os.cpu_count(),
        "memory_gb": round(memory / 2**30, 1),
        "system": platform.platform(),
        "python": platform.python_version(),
    }


def commit() -> str:
    told = subprocess.run(["git", "describe", "--always", "--dirty"], capture_output=True, text=True, check=False)
    return told.stdout.strip()


def reached(figures: dict[str, Any]) -> str:
    """What must be reached and what was, in columns for a terminal."""
    told = [("", "what", "asked", "measured")]
    told += [("ok" if row.reached else "SHORT", row.what, row.asked, row.measured) for row in rows(figures)]
    widths = [max(len(line[at]) for line in told) for at in range(3)]
    return "\n".join(
        "  ".join([*(text.ljust(width) for text, width in zip(line, widths, strict=False)), line[3]]) for line in told
    )


def page(figures: dict[str, Any]) -> str:
    """All of a run, in Markdown."""
    size, on = figures["size"], figures["machine"]
    parts = [
        f"# Results: {size['contacts']:,} contacts of {size['companies']:,} companies\n",
        "Made by `python benchmarks/run.py`; every figure, with when and at which commit it was measured, is in "
        f"`{size['contacts']}-{size['companies']}.json`. [How each is measured](../README.md).\n",
        f"Machine: {on['cpu']}, {on['cores']} cores, {on['memory_gb']} GB of memory, {on['system']}, Python "
        f"{on['python']}.\n",
        "## What must be reached, and what was\n",
        table(
            ("", "what", "asked", "measured"),
            [("ok" if row.reached else "**short**", row.what, row.asked, row.measured) for row in rows(figures)],
        ),
    ]
    if "peers" in figures:
        parts += _peers(figures["peers"], size["contacts"])
    if "engine" in figures:
        parts += _engine(figures["engine"])
    if "data" in figures:
        data = figures["data"]
        parts += [
            "## On disk\n",
            f"Database {_mb(data['database_bytes'])} MB, saved index {_mb(data['snapshot_bytes'])} MB.\n",
        ]
    ran = {name: of["run"] for name, of in figures.items() if isinstance(of, dict) and "run" in of}
    if ran:
        parts += _runs(ran)
    return "\n".join(parts)


def _runs(ran: dict[str, dict[str, Any]]) -> list[str]:
    lines = [
        (name, run["at"][:16].replace("T", " "), run["commit"], run["load_before"], run.get("turns_s", "–"),
         run.get("memory_gb_s", "–"))
        for name, run in ran.items()
    ]  # fmt: skip
    return [
        "## When, and how fast the machine was\n",
        "Before each stage: the processes that were busy in the minute before, the seconds of ten million turns of an "
        "empty loop, and at how many GB a second sets that are in no cache are united.\n",
        table(("stage", "at (UTC)", "commit", "busy", "turns, s", "memory, GB/s"), lines),
    ]


def _peers(peers: dict[str, Any], contacts: int) -> list[str]:
    known = [one for one in peers.values() if isinstance(one, dict) and one.get("mix", {}).get("asked")]
    parts = [
        "## Against other databases\n",
        "The same searches over the same records in the same run, totals and pages compared. Ratios are theirs to "
        "ours: of the medians, of the 99th percentiles, of the sums, and the median of the ratios search by search. "
        "How each is laid out: [peers](../peers/README.md).\n",
        table(
            ("database", "mix p50, ms", "p99, ms", "ratio p50", "ratio p99", "of sums", "one by one", "asked",
             "gave up", "different", "build, s", "memory, MB", "disk, MB"),
            [
                (f"{one['name']} ({one['version']})", _ms(one["mix"]["ms"]["p50"]), _ms(one["mix"]["ms"]["p99"]),
                 *(f"{one['mix'][name]:,.0f}" for name in ("ratio_p50", "ratio_p99", "ratio_sums", "ratio_each")),
                 one["mix"]["asked"], one["mix"]["gave_up"], one["mix"]["different"] + one["hard"].get("different", 0),
                 f"{one['build_s']:,.0f}", _mb(one["memory_bytes"]), _mb(one["disk_bytes"]))
                for one in known
            ],
        ),
    ]  # fmt: skip
    for title, member in (("The mix by shape", "shapes"), ("Hard searches, one each", "hard_shapes")):
        names = dict.fromkeys(name for one in known for name in one[member])
        lines = []
        for name in names:
            have = [one[member].get(name) for one in known]
            ours = next(each["ours_ms"] for each in have if each)
            lines.append((name, _both(ours), *("–" if each is None else _both(each["ms"]) for each in have)))
        parts += [
            f"### {title}: p50 / p99 in ms at {contacts:,} contacts\n",
            table(("search", "Letrics", *(one["name"] for one in known)), lines),
        ]
    return parts


def _engine(engine: dict[str, Any]) -> list[str]:
    lines = [
        (name, *(_ms(spread[each]) for each in ("p50", "p90", "p99", "max")))
        for name, spread in engine["shapes"].items()
    ]
    hard = [(name, _ms(one["ms"]), _ms(one["slowest_ms"]), f"{one['total']:,}") for name, one in engine["hard"].items()]
    return [
        "## The engine, the mix by shape, ms\n", table(("search", "p50", "p90", "p99", "max"), lines),
        "## The engine, hard searches asked cold, ms\n", table(("search", "median", "slowest", "hits"), hard),
    ]  # fmt: skip


def table(head: Sequence[str], lines: Iterable[Sequence[object]]) -> str:
    """A Markdown table."""
    told = [head, ["---"] * len(head), *lines]
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in told) + "\n"


def _mb(bytes_: float) -> str:
    return f"{bytes_ / 1e6:,.0f}"


def _ms(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def _both(spread: Spread) -> str:
    return f"{_ms(spread['p50'])} / {_ms(spread['p99'])}"
