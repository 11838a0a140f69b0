"""Reports: the machine, the goals as a table, and a page with all figures of a run."""

from __future__ import annotations

import json
import os
import platform
import subprocess
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from benchmarks.measure import Spread
from benchmarks.targets import rows, searched_peers

Figures = dict[str, Any]


def machine() -> Figures:
    """The machine that this runs on."""
    named = (line for line in Path("/proc/cpuinfo").read_text().splitlines() if "model name" in line)
    return {
        "cpu": next(named, f":{platform.processor()}").split(":", 1)[1].strip(),
        "cores": os.cpu_count(),
        "memory_gb": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1),
        "system": platform.platform(),
        "python": platform.python_version(),
    }


def commit() -> str:
    """The checked-out commit, with `-dirty` if files differ from it."""
    command = ["git", "-C", str(Path(__file__).parent), "describe", "--always", "--dirty"]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()


def known(results: Path) -> list[Figures]:
    """The committed figures, smallest size first."""
    found = [json.loads(path.read_text()) for path in results.glob("[0-9]*-[0-9]*.json")]
    runs = [run for run in found if "data" in run["size"]]
    return sorted(runs, key=lambda run: (run["size"]["contacts"], run["size"]["companies"]))


def goals(figures: Figures) -> str:
    """The goals and the figures, in columns for a terminal."""
    lines = [("", "what", "goal", "measured")]
    lines += [("ok" if row.reached else "SHORT", row.what, row.goal, row.measured) for row in rows(figures)]
    widths = [max(len(line[at]) for line in lines) for at in range(3)]
    return "\n".join("  ".join([*map(str.ljust, line, widths), line[3]]) for line in lines)


def page(figures: Figures) -> str:
    """All figures of a run, in Markdown."""
    size, on = figures["size"], figures["machine"]
    parts = [
        f"# Results: {size['contacts']:,} contacts of {size['companies']:,} companies\n",
        "Written by `python benchmarks/run.py`; every figure, with the time and commit of its measurement, is in "
        f"`{size['contacts']}-{size['companies']}.json`. [How each is measured](../README.md).\n",
        f"Machine: {on['cpu']}, {on['cores']} cores, {on['memory_gb']} GB of memory, {on['system']}, Python "
        f"{on['python']}.\n",
        "## Goals\n",
        table(
            ("", "what", "goal", "measured"),
            [("ok" if row.reached else "**short**", row.what, row.goal, row.measured) for row in rows(figures)],
        ),
    ]
    if "peers" in figures:
        parts += _peers(list(searched_peers(figures["peers"]).values()), size["contacts"])
    if "engine" in figures:
        parts += _engine(figures["engine"])
    if "data" in figures:
        database, index = (_mb(figures["data"][name]) for name in ("database_bytes", "snapshot_bytes"))
        parts += ["## On disk\n", f"Database {database} MB, saved index {index} MB.\n"]
    ran = {name: of["run"] for name, of in figures.items() if isinstance(of, dict) and "run" in of}
    return "\n".join([*parts, *_runs(ran)])


def _runs(ran: dict[str, Figures]) -> list[str]:
    lines = [
        (name, run["at"][:16].replace("T", " "), run["commit"],
         *(run.get(value, "–") for value in ("load_before", "turns_s", "memory_gb_s")))
        for name, run in ran.items()
    ]  # fmt: skip
    return [
        "## Time and speed of the machine\n",
        "Before each stage: the busy processes in the minute before, the seconds of ten million turns of an empty "
        "loop, and the GB a second at which sets that are in no cache are united.\n",
        table(("stage", "at (UTC)", "commit", "busy", "turns, s", "memory, GB/s"), lines),
    ]


def _peers(peers: list[Figures], contacts: int) -> list[str]:
    parts = [
        "## Compared with other databases\n",
        "The same searches on the same records in the same run, totals and pages compared. Ratios are theirs to ours: "
        "of the medians, of the 99th percentiles, of the sums, and the median of the ratios search by search. The "
        "schema and queries of each: [peers](../peers/README.md).\n",
        table(
            ("database", "mix p50, ms", "p99, ms", "ratio p50", "ratio p99", "of sums", "one by one", "searches",
             "too slow", "different", "build, s", "memory, MB", "disk, MB"),
            [
                (f"{one['name']} ({one['version']})", _ms(one["mix"]["ms"]["p50"]), _ms(one["mix"]["ms"]["p99"]),
                 *(f"{one['mix'][name]:,.0f}" for name in ("ratio_p50", "ratio_p99", "ratio_sums", "ratio_each")),
                 one["mix"]["asked"], one["mix"]["gave_up"], one["mix"]["different"] + one["hard"].get("different", 0),
                 f"{one['build_s']:,.0f}", _mb(one["memory_bytes"]), _mb(one["disk_bytes"]))
                for one in peers
            ],
        ),
    ]  # fmt: skip
    for title, group in (("The mix by kind of search", "shapes"), ("Hard searches, one each", "hard_shapes")):
        lines = []
        for name in dict.fromkeys(name for one in peers for name in one[group]):
            found = [one[group].get(name) for one in peers]
            ours = next(each["ours_ms"] for each in found if each)
            lines.append((name, _both(ours), *("–" if each is None else _both(each["ms"]) for each in found)))
        head = ("search", "Letrics", *(one["name"] for one in peers))
        parts += [f"### {title}: p50 / p99 in ms at {contacts:,} contacts\n", table(head, lines)]
    return parts


def _engine(engine: Figures) -> list[str]:
    names = ("p50", "p90", "p99", "max")
    mix = [(name, *(_ms(spread[each]) for each in names)) for name, spread in engine["shapes"].items()]
    hard = [(name, _ms(one["ms"]), _ms(one["slowest_ms"]), f"{one['total']:,}") for name, one in engine["hard"].items()]
    return [
        "## The engine, the mix by kind of search, ms\n", table(("search", *names), mix),
        "## The engine, hard searches, cold, ms\n", table(("search", "median", "slowest", "matches"), hard),
    ]  # fmt: skip


def table(head: Sequence[str], lines: Iterable[Sequence[object]]) -> str:
    """A Markdown table."""
    whole = [head, ["---"] * len(head), *lines]
    return "\n".join("| " + " | ".join(map(str, line)) + " |" for line in whole) + "\n"


def _mb(bytes_: float) -> str:
    return f"{bytes_ / 1e6:,.0f}"


def _ms(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def _both(spread: Spread) -> str:
    return f"{_ms(spread['p50'])} / {_ms(spread['p99'])}"
