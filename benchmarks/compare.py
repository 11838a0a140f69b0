"""Compares this working tree with another commit in one run.

    python benchmarks/run.py compare --against COMMIT --contacts 1000000 --companies 100000

The other commit is checked out as a git worktree and runs with the same Python and packages. This tree generates the
data. Each measurement of a round runs on both; every other round begins with the other commit, because the order
matters. Prints the medians of all rounds and their ratios, and writes the figures to
benchmarks/results/compare-COMMIT-CONTACTS-COMPANIES.json.
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from benchmarks import generate
from benchmarks.command import RESULTS, add_size, data_of
from benchmarks.measure import family, load, memory, spread
from benchmarks.report import commit, machine, short, table
from benchmarks.stages.bench import ROOT, Figures, read_files, stay_on
from benchmarks.stages.engine import probe
from benchmarks.stages.http import CONNECTIONS, SECONDS
from benchmarks.stages.imports import measured_import
from benchmarks.stages.server import SETTLE_SECONDS, served
from benchmarks.stages.start import first_response
from benchmarks.stages.wrk import Load, send_once
from benchmarks.workloads import Search
from benchmarks.workloads import load as load_workload


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two commits: its name, its working tree, its home, and the data and searches of both."""

    name: str
    source: Path
    home: Path
    data: Path
    searches: list[Search]


def import_all(side: Side) -> Figures:
    shutil.rmtree(side.home, ignore_errors=True)
    files = [side.data / f"{kind}.jsonl" for kind in ("companies", "contacts")]
    return _import(side, "import of everything", *files)


def import_rows(side: Side) -> Figures:
    """Contacts that are unchanged, changed and new to the full database."""
    figures: Figures = {}
    for name in ("unchanged", "changed", "new"):
        figures |= _import(side, f"import, {name}", "--kind", "contacts", side.data / f"{name}.contacts.jsonl")
    return figures


def _import(side: Side, name: str, *arguments: object) -> Figures:
    found = measured_import(side.home, *arguments, source=side.source)
    return {f"{name}, rows/s": found["rows"] / found["whole_s"], f"{name}, MB": found["peak_bytes"] / 1e6}


def search_in_process(side: Side) -> Figures:
    """The mix in one process on one core."""
    read_files(side.home)
    found = probe(side.home, side.searches, side.source)
    return {
        "engine, mix": found["ms"], "totals": found["totals"], "engine, load of the index, s": found["load_s"],
        "engine, memory, MB": found["process_bytes"] / 1e6,
    }  # fmt: skip


def search_over_http(side: Side) -> Figures:
    """Three starts; the mix over one connection, then over many; the server's memory after each."""
    read_files(side.home)
    starts = [first_response(side.home, side.source) for _ in range(3)]
    requests = [search.line() for search in side.searches]
    with served(side.home, source=side.source) as server:
        time.sleep(SETTLE_SECONDS)
        server.total(Search("", "contacts", {}, False))
        once = send_once(server, requests)
        memory_bytes = sum(map(memory, family(server.pid)))
        many = Load(server, requests, CONNECTIONS, SECONDS).result()
        memory_after_bytes = sum(map(memory, family(server.pid)))
    return {
        "start to first response, s": statistics.median(starts),
        **{f"HTTP, mix, {name}, ms": ms for name, ms in once["ms"].items()},
        "HTTP, CPU a request, µs": once["cpu_us"], "server, memory, MB": memory_bytes / 1e6,
        f"HTTP, {CONNECTIONS} connections, requests/s": many["per_second"],
        f"server, memory after {CONNECTIONS} connections, MB": memory_after_bytes / 1e6,
    }  # fmt: skip


Measurements = dict[str, Callable[[Side], Figures]]

MEASUREMENTS: Final[Measurements] = {
    "import": import_all, "engine": search_in_process, "server": search_over_http, "rows": import_rows,
}  # fmt: skip
"""In the order of a round; `rows` changes the home and comes last."""


def main() -> None:
    made = argparse.ArgumentParser(
        prog="run.py compare", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    made.add_argument("--against", required=True, metavar="COMMIT", help="the commit to compare with")
    add_size(made)
    made.add_argument("--rounds", type=int, default=3)
    made.add_argument("--only", default=",".join(MEASUREMENTS), help=f"measurements, of {','.join(MEASUREMENTS)}")
    made.add_argument("--keep", action="store_true", help="keep both homes, for another run with --only engine,server")
    given = made.parse_args(sys.argv[2:])
    names = given.only.split(",")
    if unknown := set(names) - set(MEASUREMENTS):
        sys.exit(f"unknown measurement {', '.join(unknown)}; the measurements are {', '.join(MEASUREMENTS)}")
    against = _git("rev-parse", "--short", f"{given.against}^{{commit}}")
    data = data_of(given)
    stay_on(None)
    generate.generate(data, given.companies, given.contacts, given.seed)
    generate.imports(data, given.companies, given.contacts, given.seed, given.import_rows)
    searches = load_workload("mix", given.companies)
    with _worktree(data / f"compare-{against}", against) as other:
        sides = {
            "this": Side(commit(), ROOT, data / "home-compare-this", data, searches),
            "other": Side(against, other, data / "home-compare-other", data, searches),
        }
        chosen = {name: measurement for name, measurement in MEASUREMENTS.items() if name in names}
        figures = measure(sides, chosen, given.rounds)
        if not given.keep:
            for side in sides.values():
                shutil.rmtree(side.home, ignore_errors=True)
    print(report(figures, sides))
    path = RESULTS / f"compare-{against}-{given.contacts}-{given.companies}.json"
    path.write_text(json.dumps({
        "contacts": given.contacts, "companies": given.companies, "seed": given.seed, "data": generate.VERSION,
        "machine": machine(), "at": datetime.now(UTC).isoformat(timespec="seconds"),
        **{key: side.name for key, side in sides.items()}, "figures": figures,
    }, indent=1) + "\n")  # fmt: skip
    print(f"\nwritten to {path}", file=sys.stderr)


def _git(*arguments: object) -> str:
    done = subprocess.run(["git", "-C", ROOT, *map(str, arguments)], check=True, stdout=subprocess.PIPE, text=True)
    return done.stdout.strip()


@contextmanager
def _worktree(path: Path, commit: str) -> Iterator[Path]:
    """A checkout of a commit, removed at the end of the block."""
    if path.exists():
        _git("worktree", "remove", "--force", path)
    _git("worktree", "add", "--quiet", "--detach", path, commit)
    try:
        yield path
    finally:
        _git("worktree", "remove", "--force", path)


def measure(sides: dict[str, Side], measurements: Measurements, rounds: int) -> Figures:
    """The figures of both sides, by name: the values of the rounds.

    Those of the mix in process are percentiles of the median of each search.
    """
    found: dict[str, dict[str, list[Any]]] = {}
    for number in range(1, rounds + 1):
        order = list(sides.items()) if number % 2 else list(reversed(sides.items()))
        for name, measurement in measurements.items():
            for key, side in order:
                print(f"round {number}, {name}, {side.name} (load {load()}) …", file=sys.stderr, flush=True)
                for figure, value in measurement(side).items():
                    found.setdefault(figure, {key: [] for key in sides})[key].append(value)
    figures: Figures = dict(found)
    if totals := figures.pop("totals", None):
        pairs = zip(totals["this"][0], totals["other"][0], strict=True)
        figures["searches with different totals"] = {"this": [sum(one != two for one, two in pairs)], "other": [0]}
    for key, runs in figures.pop("engine, mix", {}).items():
        for at, ms in spread([statistics.median(times) for times in zip(*runs, strict=True)]).items():
            figures.setdefault(f"engine, mix, {at}, ms", {})[key] = [ms]
    return figures


def report(figures: Figures, sides: dict[str, Side]) -> str:
    """A table of medians. The ratio is the median of the ratios of the rounds, whose two values are close in time."""
    lines = []
    for name, values in figures.items():
        this, other = (statistics.median(values[key]) for key in ("this", "other"))
        ratios = [one / two for one, two in zip(values["this"], values["other"], strict=True) if two]
        lines.append((name, short(this), short(other), f"{statistics.median(ratios):.2f}" if ratios else "–"))
    return table(("median", f"this ({sides['this'].name})", f"other ({sides['other'].name})", "ratio"), lines)
