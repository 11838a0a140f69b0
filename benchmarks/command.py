"""The benchmark's command line: stages run one after the other, each in a process of its own, and their figures told.

    python benchmarks/run.py --contacts 1000000 --companies 100000            all stages
    python benchmarks/run.py --contacts 1000000 --companies 100000 --only http,peers
    python benchmarks/run.py --contacts 1000000 --companies 100000 --table    tell what is known

Data, databases and figures are kept in benchmarks/.data (or --data), so that a stage can be repeated by itself. Prints
what must be reached and what was; writes benchmarks/results/<contacts>-<companies>.json, RESULTS.md and the plot.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import Any, Final

from benchmarks import generate, report, scaling
from benchmarks.measure import in_memory, load, memory_gb_s, turns_s
from benchmarks.peers import NAMES
from benchmarks.plot import draw
from benchmarks.stages import STAGES
from benchmarks.stages.bench import ROOT, Bench, environment

HERE: Final = Path(__file__).parent
RESULTS: Final = HERE / "results"


def parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    made.add_argument("--contacts", type=int, default=1_000_000)
    made.add_argument("--companies", type=int, default=100_000)
    made.add_argument("--seed", type=int, default=1)
    made.add_argument("--only", default=",".join(STAGES), help=f"stages, of {','.join(STAGES)}")
    made.add_argument("--data", type=Path, help="where data and databases are kept")
    made.add_argument("--home", type=Path, help="a home that holds the data already")
    made.add_argument("--peers", default=",".join(NAMES), help="which peers are asked")
    made.add_argument("--peer-searches", type=int, default=200, help="how many of the mix a peer is asked")
    made.add_argument("--peer-seconds", type=float, default=10.0, help="how long a peer may take for one")
    made.add_argument("--import-rows", type=int, default=200_000, help="rows of each import that is measured")
    made.add_argument("--table", action="store_true", help="run nothing, tell what is known")
    made.add_argument("--scaling", action="store_true", help="run nothing, fit what is known into docs/scaling.md")
    made.add_argument("--stage", help=argparse.SUPPRESS)
    made.add_argument("--peer", help=argparse.SUPPRESS)
    return made


def bench_of(given: argparse.Namespace) -> Bench:
    size = f"{given.contacts}-{given.companies}-{given.seed}-v{generate.VERSION}"
    data: Path = (given.data or HERE / ".data" / size).absolute()
    home: Path = (given.home or data / "home").absolute()
    peers = tuple(name for name in given.peers.split(",") if name)
    return Bench(
        given.contacts, given.companies, given.seed, data, home, peers, given.peer_searches, given.peer_seconds,
        given.import_rows,
    )  # fmt: skip


def main() -> None:
    given = parser().parse_args()
    if given.scaling:
        scaling.write(RESULTS, ROOT / "docs" / "scaling.md")
        return
    bench = bench_of(given)
    bench.data.mkdir(parents=True, exist_ok=True)
    if given.peer:
        bench.keep(f"peer-{given.peer}", import_module("benchmarks.stages.peers").one(bench, given.peer))
    elif given.stage:
        bench.keep(given.stage, import_module(f"benchmarks.stages.{given.stage}").run(bench))
    else:
        stages = [] if given.table else given.only.split(",")
        failed = [name for name in stages if not run_stage(bench, name)]
        tell(bench)
        if failed:
            sys.exit(f"failed: {', '.join(failed)}")


def run_stage(bench: Bench, name: str) -> bool:
    """Run a stage in a process of its own, with the caller's options; whether it went well."""
    if name not in STAGES:
        sys.exit(f"there is no stage {name}: those there are are {', '.join(STAGES)}")
    print(f"{name} …", file=sys.stderr, flush=True)
    busy, turns, speed = load(), turns_s(), memory_gb_s()
    if bench.home.exists():
        in_memory(bench.home)
    started = time.monotonic()
    command = [sys.executable, str(HERE / "run.py"), *sys.argv[1:], "--stage", name]
    done = subprocess.run(command, env=environment(bench.home), check=False)
    seconds = time.monotonic() - started
    print(f"{name}: {'failed, ' if done.returncode else ''}{seconds:.0f} s", file=sys.stderr, flush=True)
    if done.returncode:
        return False
    figures = bench.kept(name)
    ran = {"at": datetime.now(UTC).isoformat(timespec="seconds"), "seconds": round(seconds), "load_before": busy}
    ran |= {"turns_s": round(turns, 2), "memory_gb_s": round(speed, 1)}
    bench.keep(name, figures | {"run": ran | {"commit": report.commit()}})
    return True


def tell(bench: Bench) -> None:
    """Figures of all stages that have been run, as one file, tables and a plot; what must be reached, printed."""
    figures: dict[str, Any] = {
        "size": {"contacts": bench.contacts, "companies": bench.companies, "seed": bench.seed,
                 "data": generate.VERSION},
        "machine": report.machine(),
    }  # fmt: skip
    figures |= {name: found for name in STAGES if (found := bench.kept(name)) is not None}
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / f"{bench.contacts}-{bench.companies}.json").write_text(json.dumps(figures, indent=1) + "\n")
    print(report.reached(figures))
    known = [json.loads(path.read_text()) for path in RESULTS.glob("[0-9]*-[0-9]*.json")]
    largest = max((each for each in known if "data" in each["size"]), key=lambda each: int(each["size"]["contacts"]))
    (RESULTS / "RESULTS.md").write_text(report.page(largest))
    if "peers" in largest:
        (ROOT / "docs" / "images" / "benchmark.svg").write_text(draw(largest))
