"""Ten nights imported while a server runs, in each of which 20 % of the companies change; then the searches again.

The server has a meter, so that the engine's times are those of the process that has applied the nights.
"""

from __future__ import annotations

import json
import subprocess
import time
from typing import Final

from benchmarks import generate
from benchmarks.measure import family, memory, spread
from benchmarks.stages.bench import CLIENT, Bench, Figures, environment, letrics, stay_on
from benchmarks.stages.data import NIGHTS
from benchmarks.stages.imports import put
from benchmarks.stages.server import served
from benchmarks.stages.wrk import send_once
from benchmarks.workloads import Search, load
from letrics.settings import Home

_REST_S: Final = 45.0
"""The server has settled when it has had no child process for this long, more than lies between two of them."""
_MOST_S: Final = 900.0
"""The longest wait for that."""


def run(bench: Bench) -> Figures:
    stay_on(CLIENT)
    files = generate.nights(*bench.size, NIGHTS)
    mix, hard = load("mix", bench.companies), load("hard", bench.companies)
    out = bench.data / "meter.json"
    with bench.copy_of_home("nights") as home:
        with served(home, ("-m", "benchmarks.stages.metered", out), core=None) as server:
            figures: Figures = {"memory_before_bytes": memory(server.pid), "nights": []}
            for night, pair in enumerate(files, 1):
                started = time.monotonic()
                command = letrics(None, "import", *pair)
                subprocess.run(command, env=environment(home), check=True, capture_output=True)
                import_s = time.monotonic() - started
                mark = {"industries": [f"Lamp Lighting {night}"]}  # written last; found when the server has all of it
                put(home, "companies", [{"domain": f"night-{night}.example.com", **mark}])
                behind_s = server.until_found(Search("", "companies", mark, False), 1)
                figures["nights"].append(
                    {"import_s": import_s, "behind_s": behind_s, "memory_bytes": memory(server.pid)}
                )
            figures["settled_s"] = settle(server.pid)
            figures["http_ms"] = send_once(server, [search.line() for search in mix])["ms"]
            send_once(server, [search.line() for search in hard])  # of deep pages the first
            figures["memory_bytes"] = memory(server.pid)
        figures["snapshot_bytes"] = Home(home).snapshot.stat().st_size
    ms = json.loads(out.read_text())["search_ms"][-len(mix) - len(hard) :]
    out.unlink()
    return figures | {
        "mix_ms": spread(ms[: len(mix)]),
        "mix_without_titles_ms": spread([one for search, one in zip(mix, ms, strict=False) if not search.titles]),
        "hard": {search.name: one for search, one in zip(hard, ms[len(mix) :], strict=True)},
    }


def settle(pid: int) -> float:
    """Wait until the server no longer rebuilds its index in other processes. The seconds until the last one ended."""
    started = busy = time.monotonic()
    while busy - started < _MOST_S and time.monotonic() - busy < _REST_S:
        if len(family(pid)) > 1:
            busy = time.monotonic()
        time.sleep(0.5)
    return busy - started
