"""Compare this working tree with another commit in one run.

    python benchmarks/run.py compare --against COMMIT --contacts 1000000 --companies 100000

The other commit is checked out as a git worktree and runs with the same Python and packages.
Data is generated once, by this tree. Each side imports it into its own home; then each measurement runs on this tree
and on the other alternately, as often as there are --rounds. Prints the medians and their ratios, and writes all values
to benchmarks/results/compare-COMMIT-CONTACTS-COMPANIES.json.
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from benchmarks import generate
from benchmarks.compare.measures import MEASURES, Inputs, Side
from benchmarks.measure import load, spread
from benchmarks.report import commit, machine, table
from benchmarks.stages.asked import encoded
from benchmarks.stages.bench import CLIENT, ROOT, stay_on
from benchmarks.workloads import load as load_workload

Rounds = dict[str, dict[str, list[Any]]]
"""By name of a figure and of a side: the value of each round."""

HERE: Final = ROOT / "benchmarks"


def parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(
        prog="run.py compare", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    made.add_argument("--against", required=True, metavar="COMMIT", help="the commit to compare with")
    made.add_argument("--contacts", type=int, default=1_000_000)
    made.add_argument("--companies", type=int, default=100_000)
    made.add_argument("--seed", type=int, default=1)
    made.add_argument("--rounds", type=int, default=3)
    made.add_argument("--import-rows", type=int, default=200_000, help="rows of each import into the full database")
    made.add_argument("--only", default=",".join(MEASURES), help=f"measurements, of {','.join(MEASURES)}")
    made.add_argument("--data", type=Path, help="the directory for data and databases")
    made.add_argument("--keep", action="store_true", help="keep both homes, to run again with --only")
    return made


def main() -> None:
    given = parser().parse_args(sys.argv[2:])
    names = given.only.split(",")
    if unknown := set(names) - set(MEASURES):
        sys.exit(f"unknown measurement {', '.join(sorted(unknown))}; the measurements are {', '.join(MEASURES)}")
    against = _git("rev-parse", "--short", f"{given.against}^{{commit}}")
    size = f"{given.contacts}-{given.companies}-{given.seed}-v{generate.VERSION}"
    data: Path = (given.data or HERE / ".data" / size).absolute()
    inputs = _inputs(given, data)
    with _worktree(data / f"compare-{against}", against) as other:
        sides = (Side(commit(), ROOT, data / "home-compare-this"), Side(against, other, data / "home-compare-other"))
        found = _measure(sides, inputs, names, given.rounds)
        if not given.keep:
            for side in sides:
                shutil.rmtree(side.home, ignore_errors=True)
    print(_report(found, sides))
    figures = {
        "size": {"contacts": given.contacts, "companies": given.companies, "seed": given.seed,
                 "version": generate.VERSION},
        "machine": machine(), "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "this": sides[0].name, "other": sides[1].name, "rounds": _summary(found),
    }  # fmt: skip
    path = HERE / "results" / f"compare-{against}-{given.contacts}-{given.companies}.json"
    path.write_text(json.dumps(figures, indent=1) + "\n")
    print(f"\nwritten to {path}", file=sys.stderr)


def _git(*arguments: object) -> str:
    done = subprocess.run(["git", "-C", ROOT, *map(str, arguments)], check=True, stdout=subprocess.PIPE, text=True)
    return done.stdout.strip()


@contextmanager
def _worktree(path: Path, commit: str) -> Iterator[Path]:
    """A checkout of a commit, removed at the end of the block."""
    _remove_worktree(path)
    _git("worktree", "add", "--detach", path, commit)
    try:
        yield path
    finally:
        _remove_worktree(path)


def _remove_worktree(path: Path) -> None:
    if path.exists():
        _git("worktree", "remove", "--force", path)


def _inputs(given: argparse.Namespace, data: Path) -> Inputs:
    """Generated data, and the searches of the mix as a file."""
    rows = min(given.import_rows, given.contacts // 2)
    generate.generate(data, given.companies, given.contacts, given.seed)
    generate.imports(data, given.companies, given.contacts, given.seed, rows)
    searches = load_workload("mix", given.companies)
    requests = data / "mix.requests.txt"
    requests.write_bytes(b"".join(b"/v1/%s %s\n" % (each.kind.encode(), encoded(each)) for each in searches))
    with generate.import_files(data).unchanged.open("rb") as lines:
        rows = sum(1 for _ in lines)
    return Inputs(data, given.contacts + given.companies, rows, searches, requests)


def _measure(sides: tuple[Side, Side], inputs: Inputs, names: list[str], rounds: int) -> Rounds:
    stay_on(CLIENT)
    found: Rounds = {}
    for number in range(1, rounds + 1):
        for name, measure in MEASURES.items():
            if name not in names:
                continue
            for side, key in zip(sides, ("this", "other"), strict=True):
                print(f"round {number}, {name}, {side.name} (load {load()}) …", file=sys.stderr, flush=True)
                for figure, value in measure(side, inputs).items():
                    found.setdefault(figure, {"this": [], "other": []})[key].append(value)
    return found


def _summary(found: Rounds) -> dict[str, Any]:
    """The figures for the JSON file: values of the rounds, and of searches the percentiles of each round."""
    return {
        name: {key: [spread(each) if isinstance(each, list) else round(each, 3) for each in values]
               for key, values in sides.items()}
        for name, sides in found.items() if name != "totals"
    } | {"searches with different totals": _different(found)}  # fmt: skip


def _different(found: Rounds) -> int:
    """The number of searches whose total is not the same on both sides."""
    totals = found.get("totals")
    return sum(one != two for one, two in zip(totals["this"][0], totals["other"][0], strict=True)) if totals else 0


def _medians(found: Rounds) -> Iterator[tuple[str, float, float]]:
    """Each figure's median over the rounds; of searches, percentiles of the medians of each search."""
    for name, sides in found.items():
        this, other = sides["this"], sides["other"]
        if name == "totals":
            continue
        if isinstance(this[0], list):
            these, others = (spread([statistics.median(each) for each in zip(*side, strict=True)])
                             for side in (this, other))  # fmt: skip
            yield from ((f"{name}, {at}, ms", these[at], others[at]) for at in ("p50", "p90", "p99", "max"))
        else:
            yield name, statistics.median(this), statistics.median(other)


def _report(found: Rounds, sides: tuple[Side, Side]) -> str:
    lines = [
        (name, _short(this), _short(other), f"{this / other:.2f}" if other else "–")
        for name, this, other in _medians(found)
    ]
    head = ("median of rounds", f"this ({sides[0].name})", f"other ({sides[1].name})", "this / other")
    return f"{table(head, lines)}\nSearches with different totals: {_different(found)}"


def _short(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.2f}" if value >= 1 else f"{value:.3f}"
