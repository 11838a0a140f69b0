"""The engine alone, in one process on one core: exact totals, and the nums of the page.

Hard searches run cold: once each, in processes that have just loaded the index and run a few other searches, each
process in another order. The mix then runs in one process, each search once, so that no search is served from its own
cached result. Of searches that walk, only the first page is fetched. Results are saved, so that peers can be checked.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

from msgspec.structs import replace

from benchmarks.measure import by_name, spread
from benchmarks.stages.bench import ROOT, SERVER, Bench, Figures, environment, python, stay_on
from benchmarks.workloads import Search, load

_DEEP: Final = 40
"""The number of searches whose deep pages are measured."""
_AGAIN: Final = 5
"""The number of times that each of their pages is fetched."""
_COLD: Final = 5
"""The number of processes that run the hard searches."""


def probe(home: Path, searches: Iterable[Search], source: Path = ROOT) -> Figures:
    """Run searches with the engine of the working tree `source` in a new process; returns what `probe.py` prints."""
    with tempfile.NamedTemporaryFile(suffix=".requests") as file:
        file.writelines(search.line() for search in searches)
        file.flush()
        command = python(SERVER, "-m", "benchmarks.probe", home, file.name)
        done = subprocess.run(command, env=environment(home, source), check=True, stdout=subprocess.PIPE)
    figures: Figures = json.loads(done.stdout)
    return figures


def run(bench: Bench) -> Figures:
    stay_on(SERVER)
    hard = run_cold(bench)
    mix = load("mix", bench.companies)
    found = probe(bench.home, mix)
    results = [result(*one) for one in zip(mix, found["ms"], found["totals"], found["nums"], strict=True)]
    bench.save("answers", {"mix": results, "hard": hard})
    without_titles = [ms for search, ms in zip(mix, found["ms"], strict=True) if not search.titles]
    return {
        **{name: found[name] for name in ("load_s", "index_bytes", "process_bytes")},
        "mix_ms": spread(found["ms"]), "mix_without_titles_ms": spread(without_titles),
        "shapes": by_name(results, "search_ms"),
        "hard": {
            one["shape"]: {"ms": one["search_ms"], "slowest_ms": one["slowest_ms"], "total": one["total"]}
            for one in hard
        },
        "deep": deep_pages(bench, mix, found["totals"]),
    }  # fmt: skip


def result(search: Search, ms: float, total: int, nums: Sequence[int]) -> Figures:
    return {"shape": search.name, "kind": search.kind, "body": search.body, "search_ms": ms, "total": total,
            "nums": nums}  # fmt: skip


def run_cold(bench: Bench) -> list[Figures]:
    """Each hard search in several new processes: the result, with the median and the slowest of its times."""
    hard = load("hard", bench.companies)
    totals = probe(bench.home, hard)["totals"]
    hard = [search.at(total) for search, total in zip(hard, totals, strict=True)]
    times: dict[str, list[float]] = {search.name: [] for search in hard}
    nums = {}
    for turn in range(_COLD):
        start = len(hard) * turn // _COLD
        order = hard[start:] + hard[:start]
        found = probe(bench.home, order)
        for search, ms, page in zip(order, found["ms"], found["nums"], strict=True):
            times[search.name].append(ms)
            nums[search.name] = page
    return [
        result(search, statistics.median(times[search.name]), total, nums[search.name])
        | {"slowest_ms": max(times[search.name])}
        for search, total in zip(hard, totals, strict=True)
    ]


def deep_pages(bench: Bench, mix: list[Search], totals: list[int]) -> Figures:
    """Pages in the middle and at the end of searches with many matches, compared with the first page of the same.

    Medians of several alternating runs; the search that exceeds its first page the most.
    """
    chosen = [(search, total) for search, total in zip(mix, totals, strict=True) if total >= 10_000][:_DEEP]
    if not chosen:
        return {}
    pages = [page for search, total in chosen for page in _pages(search, total) * _AGAIN]
    ms = iter(probe(bench.home, pages)["ms"])
    found = []
    for _ in chosen:
        runs = [[next(ms) for _ in range(3)] for _ in range(_AGAIN)]
        first, *others = (statistics.median(times) for times in zip(*runs, strict=True))
        found.append({"first_ms": first, "deep_ms": max(others), "beyond_ms": max(others) - 1.2 * first})
    return max(found, key=lambda one: one["beyond_ms"]) | {"searches": len(found)}


def _pages(search: Search, total: int) -> list[Search]:
    """The first page of 25, one in the middle, and the last full one."""
    body = {name: value for name, value in search.body.items() if name not in ("page", "order", "per_page")}
    return [replace(search, body=body | {"page": page}) for page in (1, total // 50, total // 25)]
