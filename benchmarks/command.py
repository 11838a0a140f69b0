"""Measures this working tree: stages run one after the other, each in a separate process.

    python benchmarks/run.py --contacts 1000000 --companies 100000            all stages
    python benchmarks/run.py --contacts 1000000 --companies 100000 --only http,peers
    python benchmarks/run.py --contacts 1000000 --companies 100000 --table    print the known figures
    python benchmarks/run.py --scaling                                        fit them into docs/scaling.md
    python benchmarks/run.py compare --help                                   compare with another commit

Data, databases and figures are stored in benchmarks/.data (or --data), so that a stage can be repeated alone. Prints
the goals and the figures; writes benchmarks/results/<contacts>-<companies>.json, RESULTS.md and the README's picture.
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
from benchmarks.measure import load, memory_gb_s, turns_s
from benchmarks.peers import NAMES
from benchmarks.plot import draw
from benchmarks.stages import STAGES
from benchmarks.stages.bench import ROOT, Bench, environment, read_files

RESULTS: Final = ROOT / "benchmarks" / "results"


def parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_size(made)
    made.add_argument("--only", default=",".join(STAGES), help=f"stages, of {','.join(STAGES)}")
    made.add_argument("--home", type=Path, help="a home that has the data already")
    made.add_argument("--peers", default=",".join(NAMES), help="the peers to run")
    made.add_argument("--peer-searches", type=int, default=200, help="the number of searches of the mix on each peer")
    made.add_argument("--peer-seconds", type=float, default=10.0, help="the limit of one search on a peer")
    made.add_argument("--cluster", default="", help="the URL of an OpenSearch cluster (opensearch+http://HOST:PORT)")
    made.add_argument("--shards", type=int, default=1, help="the shards of each index on the cluster")
    made.add_argument("--table", action="store_true", help="run nothing, print the known figures")
    made.add_argument("--scaling", action="store_true", help="run nothing, fit the known figures into docs/scaling.md")
    made.add_argument("--stage", help=argparse.SUPPRESS)
    return made


def add_size(made: argparse.ArgumentParser) -> None:
    """The options for the size of the data, and the directory of each size."""
    made.add_argument("--contacts", type=int, default=1_000_000)
    made.add_argument("--companies", type=int, default=100_000)
    made.add_argument("--seed", type=int, default=1)
    made.add_argument("--data", type=Path, help="the directory of data and databases")
    made.add_argument("--import-rows", type=int, default=200_000, help="rows of each import into the full database")


def data_of(given: argparse.Namespace) -> Path:
    size = f"{given.contacts}-{given.companies}-{given.seed}-v{generate.VERSION}"
    path: Path = given.data or ROOT / "benchmarks" / ".data" / size
    return path.absolute()


def main() -> None:
    given = parser().parse_args()
    if given.scaling:
        scaling.write(RESULTS, ROOT / "docs" / "scaling.md")
        return
    data = data_of(given)
    bench = Bench(
        given.contacts, given.companies, given.seed, data, (given.home or data / "home").absolute(),
        tuple(filter(None, given.peers.split(","))), given.peer_searches, given.peer_seconds, given.import_rows,
        given.cluster, given.shards,
    )  # fmt: skip
    if given.stage:
        bench.save(given.stage, import_module(STAGES[given.stage]).run(bench))
        return
    stages = [] if given.table else given.only.split(",")
    if unknown := set(stages) - set(STAGES):
        sys.exit(f"unknown stage {', '.join(sorted(unknown))}; the stages are {', '.join(STAGES)}")
    failed = [name for name in stages if not run_stage(bench, name)]
    write_results(bench)
    if failed:
        sys.exit(f"failed: {', '.join(failed)}")


def run_stage(bench: Bench, name: str) -> bool:
    """Run a stage in a separate process with the same options; whether it succeeded."""
    print(f"{name} …", file=sys.stderr, flush=True)
    speed = {"load_before": load(), "turns_s": round(turns_s(), 2), "memory_gb_s": round(memory_gb_s(), 1)}
    read_files(bench.home)
    started = time.monotonic()
    command = [sys.executable, str(ROOT / "benchmarks" / "run.py"), *sys.argv[1:], "--stage", name]
    done = subprocess.run(command, env=environment(bench.home), check=False)
    seconds = round(time.monotonic() - started)
    print(f"{name}: {'failed, ' if done.returncode else ''}{seconds} s", file=sys.stderr, flush=True)
    if done.returncode:
        return False
    at = datetime.now(UTC).isoformat(timespec="seconds")
    ran = {"at": at, "seconds": seconds, **speed, "commit": report.commit()}
    bench.save(name, bench.saved(name) | {"run": ran})
    return True


def write_results(bench: Bench) -> None:
    """Write the figures of all stages as one file, tables and a picture; print the goals.

    The committed figures stay if no stage has been run here.
    """
    figures: dict[str, Any] = {
        "size": {"contacts": bench.contacts, "companies": bench.companies, "seed": bench.seed,
                 "data": generate.VERSION},
        "machine": report.machine(),
    }  # fmt: skip
    figures |= {name: found for name in STAGES if (found := bench.saved(name)) is not None}
    path = RESULTS / f"{bench.contacts}-{bench.companies}.json"
    if len(figures) > 2:
        path.write_text(json.dumps(figures, indent=1) + "\n")
    print(report.goals(json.loads(path.read_text())))
    largest = report.known(RESULTS)[-1]
    (RESULTS / "RESULTS.md").write_text(report.page(largest))
    if "peers" in largest:
        (ROOT / "docs" / "images" / "benchmark.svg").write_text(draw(largest))
