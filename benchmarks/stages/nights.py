"""Ten nights, in each of which 20 % of the companies change, imported while a server runs: then all is measured again.

The server has the meter, so that what its engine takes of each search is known from the process that has lived through
the nights.
"""

from __future__ import annotations

import json
import subprocess
import time
from pathlib import Path
from typing import Final

from benchmarks import generate
from benchmarks.measure import family, memory, spread
from benchmarks.stages.asked import hard, mix
from benchmarks.stages.bench import CLIENT, Bench, Figures, environment, python, stay_on
from benchmarks.stages.changing import put
from benchmarks.stages.data import NIGHTS
from benchmarks.stages.freshness import until_found
from benchmarks.stages.server import Connection, served
from benchmarks.workloads import Search
from letrics.settings import Home

_REST_S: Final = 45.0
"""So long no process of the server's own may have run after the last night: more than lies between two of them."""
_MOST_S: Final = 900.0


def run(bench: Bench) -> Figures:
    stay_on(CLIENT)
    files = generate.nights(bench.data, bench.companies, bench.contacts, bench.seed, NIGHTS)
    out = bench.data / "meter.json"
    with bench.copy_of_home("nights") as home:
        with served(home, ("-m", "benchmarks.stages.metered", home, out), core=None) as server:
            connection = server.connect()
            figures: Figures = {"memory_before_bytes": memory(server.pid), "nights": []}
            for night, pair in enumerate(files, 1):
                figures["nights"].append(one(home, night, pair, connection) | {"memory_bytes": memory(server.pid)})
            figures["settled_s"] = settled(server.pid)
            searches, difficult = mix(bench), hard(bench)
            times = []
            for search in [*searches, *difficult]:  # of deep pages the first is asked here
                request = connection.search(search)
                started = time.perf_counter()
                status, body = connection.ask(request)
                times.append((time.perf_counter() - started) * 1000)
                assert status == 200, body
            figures["memory_bytes"] = memory(server.pid)
        took = json.loads(out.read_text())["search_ms"][-len(times) :]
        out.unlink()
        figures["snapshot_bytes"] = Home(home).snapshot.stat().st_size
    of_mix = list(zip(searches, took, strict=False))
    return figures | {
        "mix_ms": spread([ms for _, ms in of_mix]),
        "mix_without_titles_ms": spread([ms for search, ms in of_mix if not search.titles]),
        "http_ms": spread(times[: len(searches)]),
        "hard": {search.name: ms for search, ms in zip(difficult, took[len(searches) :], strict=True)},
    }


def settled(pid: int) -> float:
    """Wait until the server has its index as it wants it: no process that makes one anew has run for a while. Seconds
    until the last of them had ended."""
    started = busy = time.monotonic()
    while busy - started < _MOST_S and time.monotonic() - busy < _REST_S:
        if len(family(pid)) > 1:
            busy = time.monotonic()
        time.sleep(0.5)
    return busy - started


def one(home: Path, night: int, files: tuple[Path, Path], connection: Connection) -> dict[str, float]:
    """A night imported, and then waited for until the server has taken it in: a mark put last is found."""
    started = time.monotonic()
    command = python(None, "-m", "letrics.cli", "import", *files)
    subprocess.run(command, env=environment(home), check=True, capture_output=True)
    imported = time.monotonic() - started
    mark = f"Lamp Lighting {night}"
    put(Home(home).database, "companies", [{"domain": f"night-{night}.example.com", "industries": [mark]}])
    behind = until_found(connection, Search("", "companies", {"industries": [mark]}, False), 1)
    return {"import_s": imported, "behind_s": behind}
