"""The engine by itself, in one process on one core: hits counted exactly and the page's records found.

Hard searches are asked cold: once each, in processes that have just loaded the index and asked nothing but a few
others, each process in another order. The mix is then asked of one process, each search once, so that nothing is
answered from the memory of the same search. Answers are kept, so that peers can be checked.
"""

from __future__ import annotations

import json
import statistics
import subprocess
from typing import Any, Final

from benchmarks.measure import by_name, memory, spread
from benchmarks.stages.asked import mix, request_of
from benchmarks.stages.bench import SERVER, Bench, Figures, environment, python, stay_on
from benchmarks.stages.loaded import Loaded
from benchmarks.workloads import Search
from letrics.engines.base import Window
from letrics.settings import Home

_WALK: Final = 200
_DEEP: Final = 40
_AGAIN: Final = 5
_COLD: Final = 5


def run(bench: Bench) -> Figures:
    stay_on(SERVER)
    cold = hard_ones(bench)
    before = memory()
    loaded = Loaded(Home(bench.home))
    figures: Figures = {"load_s": loaded.load_s, "index_bytes": memory() - before}
    loaded.warm()
    met = [loaded.once(search) for search in mix(bench)]
    figures["process_bytes"] = memory()
    bench.keep("answers", {"mix": met, "hard": cold})
    return figures | {
        "mix_ms": spread([one["search_ms"] for one in met]),
        "mix_without_titles_ms": spread([one["search_ms"] for one in met if not one["titles"]]),
        "documents_ms": spread([one["documents_ms"] for one in met]),
        "shapes": by_name(met, "search_ms"),
        "hard": {
            one["shape"]: {"ms": one["search_ms"], "slowest_ms": one["slowest_ms"], "total": one["total"]}
            for one in cold
        },
        "deep": deep(loaded, mix(bench)),
        "cursor_walk_ms": walk(loaded),
    }


def hard_ones(bench: Bench) -> list[dict[str, Any]]:
    """Each hard search in several fresh processes: the answer, with the median and the slowest of its times."""
    runs: list[list[dict[str, Any]]] = []
    for turn in range(_COLD):
        command = python(SERVER, "-m", "benchmarks.stages.cold", bench.home, bench.companies, turn, _COLD)
        done = subprocess.run(command, env=environment(bench.home), check=True, stdout=subprocess.PIPE)
        runs.append(json.loads(done.stdout))
    found = []
    for same in zip(*runs, strict=True):
        times = [one["search_ms"] for one in same]
        found.append(same[0] | {"search_ms": statistics.median(times), "slowest_ms": max(times)})
    return found


def deep(loaded: Loaded, searches: list[Search]) -> Figures:
    """Pages at the middle and the end of the searches with most hits against page 1 of the same, medians of
    several taken in turn; the worst by how far it is over page 1."""
    found = []
    for search in searches:
        request = request_of(search)
        total = loaded.timed(request.query, Window())[1].total
        if total < 10_000:
            continue
        depths = [0, total // 2, total - 25]
        times: list[list[float]] = [[], [], []]
        for _ in range(_AGAIN):
            for at, depth in enumerate(depths):
                times[at].append(loaded.timed(request.query, Window(offset=depth))[0])
        first, *others = (statistics.median(each) for each in times)
        found.append({"first_ms": first, "deep_ms": max(others), "beyond_ms": max(others) - 1.2 * first})
        if len(found) == _DEEP:
            break
    return max(found, key=lambda one: one["beyond_ms"]) | {"searches": len(found)} if found else {}


def walk(loaded: Loaded) -> dict[str, float]:
    """Pages of 100 one after the other by cursor, as a sync does."""
    query = request_of(Search("", "contacts", {"has_personal_email": True}, False)).query
    after: int | None = None
    times = []
    for _ in range(_WALK):
        took, hits = loaded.timed(query, Window(after=after, size=100))
        times.append(took)
        if not hits.more:
            break
        after = hits.nums[-1]
    return spread(times)
