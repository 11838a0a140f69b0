"""The same searches on other databases with the same records: their times, and whether results are the same.

Each peer is built in one process and searched in another (its memory is that of searching alone), on both cores.
`python -m benchmarks.peers.stage build|search NAME BENCH` is such a process; BENCH are the fields of `Bench` as JSON.
A search that takes longer than the limit counts as the limit. Results are compared with the engine's of the same run.
"""

from __future__ import annotations

import subprocess
import sys
import time
import traceback
from pathlib import Path
from typing import Any

import msgspec

from benchmarks.measure import by_name, spread
from benchmarks.peers import peer
from benchmarks.peers.base import Peer
from benchmarks.stages.bench import Bench, Figures, environment, python, stay_on
from letrics.engines.base import Window
from letrics.query import parse_request


def run(bench: Bench) -> Figures:
    from benchmarks.peers.extract import extract

    stay_on(None)
    figures: Figures = bench.saved("peers") or {}
    source = bench.data / "extract"
    if not (source / "vocabulary.parquet").exists():
        figures["extract_s"] = extract(bench.home, source)
    for name in bench.peers:
        if (reason := peer(name).missing()) is not None:
            figures[name] = {"missing": reason}
        elif all(_in_process(bench, name, step) for step in ("build", "search")):
            figures[name] = bench.saved(f"peer-{name}")
        else:
            print(f"{name}: failed", file=sys.stderr)
        bench.save("peers", figures)
    return figures


def _in_process(bench: Bench, name: str, step: str) -> bool:
    arguments = msgspec.json.encode(bench, enc_hook=str).decode()
    command = python(None, "-m", "benchmarks.peers.stage", step, name, arguments)
    return subprocess.run(command, env=environment(bench.home), check=False).returncode == 0


def build(bench: Bench, name: str) -> None:
    """Build the peer's database unless it exists."""
    directory = bench.data / "peers" / name
    if bench.saved(f"build-{name}") is None or not directory.exists():
        built = peer(name).build(bench.data / "extract", directory)
        bench.save(f"build-{name}", {"build_s": built.seconds, "disk_bytes": built.disk_bytes})


def search(bench: Bench, name: str) -> None:
    """Run the searches on the peer's database."""
    other = peer(name)
    other.open(bench.data / "peers" / name)
    try:
        ours = bench.saved("answers")
        mix = compare(other, bench, ours["mix"][: bench.peer_searches])
        hard = compare(other, bench, ours["hard"])
        memory_bytes = other.memory_bytes()
    finally:
        other.close()
    bench.save(f"peer-{name}", {
        "name": other.name, "version": other.version(), **bench.saved(f"build-{name}"), "memory_bytes": memory_bytes,
        "mix": summary(mix), "hard": summary(hard), "shapes": shapes(mix), "hard_shapes": shapes(hard),
    })  # fmt: skip


def compare(other: Peer, bench: Bench, ours: list[Figures]) -> list[Figures]:
    """Each search of the engine, run once; `same` is None if there was no result in time."""
    found = []
    for mine in ours:
        request = parse_request(mine["kind"], mine["body"])
        window = Window(request.order, ((request.page or 1) - 1) * request.per_page, request.after, request.per_page)
        started = time.perf_counter()
        try:
            result = other.search(request, window, bench.peer_seconds)
        except NotImplementedError:
            continue
        except Exception:
            traceback.print_exc()
            continue
        ms = (time.perf_counter() - started) * 1000 if result else bench.peer_seconds * 1000
        same = None if result is None else result == (mine["total"], mine["nums"])
        if same is False:
            print(f"{other.name} differs: {mine['kind']} {str(mine['body'])[:300]}: {result}, ours {mine['total']}")
        found.append({"shape": mine["shape"], "ms": ms, "ours_ms": mine["search_ms"], "same": same})
    return found


def summary(found: list[Figures]) -> Figures:
    """Ratios are of medians, of 99th percentiles and of sums; `ratio_each` is the median of the ratios one by one."""
    if not found:
        return {"asked": 0}
    theirs, ours = ([one[name] for one in found] for name in ("ms", "ours_ms"))
    same = [one["same"] for one in found]
    return {
        "asked": len(found), "gave_up": same.count(None), "same": same.count(True), "different": same.count(False),
        "ms": spread(theirs), "ours_ms": spread(ours),
        "ratio_p50": spread(theirs)["p50"] / spread(ours)["p50"],
        "ratio_p99": spread(theirs)["p99"] / spread(ours)["p99"],
        "ratio_sums": sum(theirs) / sum(ours),
        "ratio_each": spread([their / our for their, our in zip(theirs, ours, strict=True)])["p50"],
    }  # fmt: skip


def shapes(found: list[Figures]) -> dict[str, Any]:
    theirs, ours = by_name(found, "ms"), by_name(found, "ours_ms")
    return {name: {"ms": theirs[name], "ours_ms": ours[name]} for name in theirs}


if __name__ == "__main__":
    given = msgspec.json.decode(sys.argv[3], type=Bench, dec_hook=lambda _, value: Path(value))
    {"build": build, "search": search}[sys.argv[1]](given, sys.argv[2])
