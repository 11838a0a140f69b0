"""The same searches asked of other databases, over the same records: who answers how fast, and whether alike.

Each peer has a process of its own and both cores. A search that takes longer than the limit counts as that long. Its
answers are compared with the engine's of the same run, page for page.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
import traceback
from pathlib import Path
from typing import Any, Final

from benchmarks.measure import by_name, spread
from benchmarks.peers import peer
from benchmarks.peers.extract import extract
from benchmarks.stages.asked import window_of
from benchmarks.stages.bench import Bench, Figures, environment, python, stay_on
from letrics.query import parse_request

_BUILT: Final[Figures] = {"built": True}


def run(bench: Bench) -> Figures:
    stay_on(None)
    figures: Figures = bench.kept("peers") or {}
    source = bench.data / "extract"
    if not (source / "vocabulary.parquet").exists():
        figures["extract_s"] = extract(bench.home, source)
    for name in bench.peers:
        found = in_a_process(bench, name)
        if found == _BUILT:
            found = in_a_process(bench, name)
        if found is None:
            print(f"{name}: failed", file=sys.stderr)
            continue
        figures[name] = found
        bench.keep("peers", figures)
    return figures


def in_a_process(bench: Bench, name: str) -> Figures | None:
    """What `one` says in a process of its own; None where it fails."""
    out = bench.data / "figures" / f"peer-{name}.json"
    out.unlink(missing_ok=True)
    command = python(None, Path(sys.argv[0]), *sys.argv[1:], "--peer", name)
    done = subprocess.run(command, env=environment(bench.home), check=False)
    return json.loads(out.read_text()) if done.returncode == 0 and out.exists() else None


def one(bench: Bench, name: str) -> Figures:
    """One peer, in this process: its figures, or `_BUILT` where it had to be built. What building took of memory would
    be counted with what asking takes: it is asked by a process after this one."""
    asked = peer(name)
    lack = asked.missing()
    if lack is not None:
        return {"missing": lack}
    directory = bench.data / "peers" / name
    kept = bench.kept(f"build-{name}")
    if kept is None or not directory.exists():
        built = asked.build(bench.data / "extract", directory)
        kept = {"build_s": built.seconds, "disk_bytes": built.disk_bytes}
        bench.keep(f"build-{name}", kept)
        return _BUILT
    asked.open(directory)
    try:
        ours = bench.kept("answers")
        mix = compare(asked, bench, ours["mix"][: bench.peer_searches])
        difficult = compare(asked, bench, ours["hard"])
        held = asked.memory_bytes()
    finally:
        asked.close()
    return {
        "name": asked.name, "version": asked.version(), **kept, "memory_bytes": held, "mix": summary(mix),
        "hard": summary(difficult), "shapes": shapes(mix), "hard_shapes": shapes(difficult),
    }  # fmt: skip


def compare(asked: Any, bench: Bench, ours: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each search that the engine answered, asked once; `same` is None where there was no answer in time."""
    found = []
    for mine in ours:
        request = parse_request(mine["kind"], mine["body"])
        started = time.perf_counter()
        try:
            answer = asked.search(request, window_of(request), bench.peer_seconds)
        except NotImplementedError:
            continue
        except Exception:
            traceback.print_exc()
            continue
        took = (time.perf_counter() - started) * 1000
        same = None if answer is None else answer == (mine["total"], mine["nums"])
        if same is False:
            print(f"{asked.name} differs: {mine['kind']} {str(mine['body'])[:300]}: {answer[0]}, ours {mine['total']}")
        took = bench.peer_seconds * 1000 if answer is None else took
        found.append({"shape": mine["shape"], "ms": took, "ours_ms": mine["search_ms"], "same": same})
    return found


def summary(asked: list[dict[str, Any]]) -> Figures:
    """Ratios are of medians, of 99th percentiles and of sums; `ratio_each` is the median of the ratios one by one."""
    if not asked:
        return {"asked": 0}
    theirs, ours = spread([one["ms"] for one in asked]), spread([one["ours_ms"] for one in asked])
    return {
        "asked": len(asked),
        "gave_up": sum(one["same"] is None for one in asked),
        "same": sum(one["same"] is True for one in asked),
        "different": sum(one["same"] is False for one in asked),
        "ms": theirs,
        "ours_ms": ours,
        "ratio_p50": theirs["p50"] / ours["p50"],
        "ratio_p99": theirs["p99"] / ours["p99"],
        "ratio_sums": sum(one["ms"] for one in asked) / sum(one["ours_ms"] for one in asked),
        "ratio_each": spread([one["ms"] / one["ours_ms"] for one in asked])["p50"],
    }


def shapes(asked: list[dict[str, Any]]) -> Figures:
    theirs, ours = by_name(asked, "ms"), by_name(asked, "ours_ms")
    return {name: {"ms": theirs[name], "ours_ms": ours[name]} for name in theirs}
