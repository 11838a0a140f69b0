"""How long a light request waits while slow ones run: counts of one small filter, one after the other with rests, on a
connection of their own, against what they take when nothing else runs.

One slow request at a time, of each kind, on another connection; then four at a time; then an import.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import msgspec

from benchmarks import generate
from benchmarks.measure import longest_stop, spread
from benchmarks.stages.asked import hard
from benchmarks.stages.bench import CLIENT, Bench, Figures, environment, python, stay_on
from benchmarks.stages.server import Connection, Served, served
from benchmarks.workloads import Search

_SECONDS: Final = 4.0
_REST: Final = 0.001
_SLOW: Final = {
    "title phrase, head of", "single letter", "50 exclusions", "500 technologies", "500 titles", "10,000 domains",
    "everything at once", "an unknown value",
}  # fmt: skip
"""Hard searches that take long, or could; the others take no longer than the counts do."""
_TOGETHER: Final = ("500 titles", "10,000 domains", "facets", "export")
_LIGHT: Final = msgspec.json.encode({"locations": ["Iceland"]})


def run(bench: Bench) -> Figures:
    stay_on(CLIENT)
    with bench.copy_of_home("holdup") as home, served(home) as server:
        stopped = longest_stop(_SECONDS)
        first_in_line()
        light = server.connect()
        light.ask(count := light.encode("/v1/contacts/count", _LIGHT))
        idle = spread(waits(light, count, time.monotonic() + _SECONDS))
        figures: Figures = {"idle_ms": idle, "by": {}}
        kinds = slow_requests(bench, light)
        for name, requests in kinds.items():
            with asking(server, [requests]):
                figures["by"][name] = beyond(waits(light, count, time.monotonic() + _SECONDS), idle["p50"])
        with asking(server, [kinds[name] for name in _TOGETHER]):
            figures["four_at_once"] = beyond(waits(light, count, time.monotonic() + 2 * _SECONDS), idle["p50"])
        figures["import"] = beyond(during_import(bench, home, light, count), idle["p50"])
        os.sched_setscheduler(0, os.SCHED_OTHER, os.sched_param(0))
        figures["machine_ms"] = max(stopped, longest_stop(_SECONDS))
    figures["worst_ms"] = max(each["max"] for each in figures["by"].values())
    return figures


def first_in_line() -> None:
    """The caller that measures is not itself held up by the others on its core."""
    with contextlib.suppress(PermissionError):
        os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1))


def waits(light: Connection, request: bytes, until: float) -> list[float]:
    """Milliseconds each light request took."""
    found = []
    while time.monotonic() < until:
        started = time.perf_counter()
        status, _ = light.ask(request)
        found.append((time.perf_counter() - started) * 1000)
        assert status == 200
        time.sleep(_REST)
    return found


def beyond(found: Sequence[float], idle: float) -> dict[str, float]:
    return spread([max(0.0, each - idle) for each in found]) | {"requests": len(found)}


def slow_requests(bench: Bench, encoder: Connection) -> dict[str, list[bytes]]:
    """Requests by kind, that take the server long."""
    found: dict[str, list[bytes]] = {}
    for search in hard(bench):
        if search.name in _SLOW:
            found[search.name] = [encoder.search(search)]
    half = {"has_personal_email": True}
    unknown: Any = {"exclude_domains": [f"unknown-{n}.example" for n in range(10_000)]}
    found["10,000 unknown domains"] = [encoder.search(Search("", "contacts", unknown, False))]
    names = ["technologies", "job_titles", "locations"]
    facets = [msgspec.json.encode({**half, "facets": names[:n]}) for n in (1, 3)]
    found["facets"] = [encoder.encode("/v1/contacts/facets", body) for body in facets]
    body = msgspec.json.encode({"locations": ["Japan"]})
    found["export"] = [encoder.encode("/v1/contacts/export", body)]
    found["pages of 100"] = [encoder.search(Search("", "contacts", {**half, "per_page": 100}, False))]
    return found


@contextmanager
def asking(server: Served, kinds: Sequence[Sequence[bytes]]) -> Iterator[None]:
    """A process a kind, each of which asks one request after the other until the end of the block."""
    children = []
    for requests in kinds:
        pid = os.fork()
        if not pid:
            try:
                os.sched_setscheduler(0, os.SCHED_OTHER, os.sched_param(0))
                connection = server.connect()
                while True:
                    for request in requests:
                        connection.ask(request)
            finally:
                os._exit(0)
        children.append(pid)
    time.sleep(0.2)
    try:
        yield
    finally:
        for pid in children:
            os.kill(pid, 9)
            os.waitpid(pid, 0)
        time.sleep(0.2)


def during_import(bench: Bench, home: Path, light: Connection, request: bytes) -> list[float]:
    """While contacts are imported into the same database, and the server takes them in."""
    files = generate.imports(bench.data, bench.companies, bench.contacts, bench.seed, bench.import_rows)
    command = python(CLIENT, "-m", "letrics.cli", "import", "--kind", "contacts", files[1])
    found: list[float] = []
    os.sched_setscheduler(0, os.SCHED_OTHER, os.sched_param(0))
    process = subprocess.Popen(command, env=environment(home), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    first_in_line()
    thread = threading.Thread(target=process.wait)
    thread.start()
    while thread.is_alive():
        found += waits(light, request, time.monotonic() + 0.5)
    return found + waits(light, request, time.monotonic() + 3.0)
