"""The delay of a light request while slow ones run: counts of one small filter, compared with an idle server.

One slow request at a time, of each kind, on another connection; then four at a time; then an import.
"""

from __future__ import annotations

import subprocess
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Final

import msgspec

from benchmarks import generate
from benchmarks.measure import Spread, longest_stop
from benchmarks.stages.bench import CLIENT, Bench, Figures, environment, letrics, stay_on
from benchmarks.stages.server import Served, served
from benchmarks.stages.wrk import Load, in_background
from benchmarks.workloads import load

_SECONDS: Final = 4
_REST_MS: Final = 1.0
"""The pause before each light request."""
_SLOW: Final = {
    "title phrase, head of", "single letter", "50 exclusions", "500 technologies", "500 titles", "10,000 domains",
    "everything at once", "an unknown value",
}  # fmt: skip
"""Hard searches that take long, or could; the others take no longer than the counts do."""
_TOGETHER: Final = ("500 titles", "10,000 domains", "facets", "export")
_LIGHT: Final = b'/v1/contacts/count {"locations":["Iceland"]}\n'


def run(bench: Bench) -> Figures:
    stay_on(CLIENT)
    with bench.copy_of_home("holdup") as home, served(home) as server:
        stopped_ms = longest_stop(_SECONDS)
        light(server, 1)  # imports what the first request needs
        idle = light(server, _SECONDS)["ms"]
        slow = slow_requests(bench)
        by = {name: delay(server, [requests], idle) for name, requests in slow.items()}
        together = delay(server, [slow[name] for name in _TOGETHER], idle, 2 * _SECONDS)
        during = during_import(bench, home, server, idle)
        stopped_ms = max(stopped_ms, longest_stop(_SECONDS))
    worst_ms = max(each["max"] for each in by.values())
    return {"idle_ms": idle, "by": by, "four_at_once": together, "import": during, "machine_ms": stopped_ms,
            "worst_ms": worst_ms}  # fmt: skip


def light(server: Served, seconds: int) -> Figures:
    return Load(server, [_LIGHT], seconds=seconds, rest_ms=_REST_MS, first=True).result()


def delay(server: Served, slow: list[list[bytes]], idle: Spread, seconds: int = _SECONDS) -> Spread:
    """The light requests' latency beyond the idle median, while each kind of slow request runs on a connection."""
    with ExitStack() as stack:
        for requests in slow:
            stack.enter_context(in_background(server, requests))
        time.sleep(0.2)
        return beyond(light(server, seconds), idle)


def beyond(found: Figures, idle: Spread) -> Spread:
    delays = {name: round(max(0.0, ms - idle["p50"]), 3) for name, ms in found["ms"].items()}
    return delays | {"requests": found["requests"]}


def slow_requests(bench: Bench) -> dict[str, list[bytes]]:
    """Requests by kind that take the server long."""
    found = {search.name: [search.line()] for search in load("hard", bench.companies) if search.name in _SLOW}
    half = {"has_personal_email": True}
    names = ["technologies", "job_titles", "locations"]
    unknown = [f"unknown-{number}.example" for number in range(10_000)]
    found["10,000 unknown domains"] = [_line("contacts", {"exclude_domains": unknown})]
    found["facets"] = [_line("contacts/facets", {**half, "facets": names[:count]}) for count in (1, 3)]
    found["export"] = [_line("contacts/export", {"locations": ["Japan"]})]
    found["pages of 100"] = [_line("contacts", {**half, "per_page": 100})]
    return found


def _line(path: str, body: dict[str, Any]) -> bytes:
    return b"/v1/%s %s\n" % (path.encode(), msgspec.json.encode(body))


def during_import(bench: Bench, home: Path, server: Served, idle: Spread) -> Spread:
    """While contacts are imported into the same database, and the server applies them."""
    files = generate.imports(*bench.size, bench.import_rows)
    command = letrics(CLIENT, "import", "--kind", "contacts", files[1])
    counts = Load(server, [_LIGHT], rest_ms=_REST_MS, first=True)
    subprocess.run(command, env=environment(home), check=True, capture_output=True)
    time.sleep(3.0)
    return beyond(counts.stop(), idle)
