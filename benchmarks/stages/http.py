"""The HTTP path: one worker on one core, wrk on the other.

A server reserves its memory first. One connection sends the mix, each search once; then 32 connections send it over and
over. Then a server with a meter responds to the mix again: the CPU time of the process beyond that of the engine and of
reading documents is the HTTP path's own. The same is measured for a page of 25 contacts, with few and with all matches.
"""

from __future__ import annotations

import json
import tempfile
import time
from pathlib import Path
from typing import Final

from benchmarks.data.domains import domain
from benchmarks.measure import memory
from benchmarks.stages.bench import CLIENT, Bench, Figures, read_files, stay_on
from benchmarks.stages.server import SETTLE_SECONDS, served
from benchmarks.stages.wrk import Load, send_once
from benchmarks.workloads import Search, load

CONNECTIONS: Final = 32
SECONDS: Final = 15
"""The time of many connections."""
_REPEATED: Final = 300
"""The number of requests for the same page."""


def run(bench: Bench) -> Figures:
    stay_on(CLIENT)
    mix = [search.line() for search in load("mix", bench.companies)]
    read_files(bench.home)
    with served(bench.home) as server:
        time.sleep(SETTLE_SECONDS)
        server.total(Search("", "contacts", {}, False))  # imports what the first request needs
        once = send_once(server, mix)
        figures = {"start_s": server.start_s, "ms": once["ms"], "cpu_us": once["cpu_us"]}
        figures["memory_bytes"] = memory(server.pid)
        figures["wrk"] = Load(server, mix, CONNECTIONS, SECONDS).result()
        figures["memory_after_wrk_bytes"] = memory(server.pid)
    figures["metered"] = metered(bench.home, mix)
    few = [domain(number) for number in range(bench.companies // 2, bench.companies // 2 + 10)]
    figures["page_of_25"] = {"all": one_page(bench.home, {}), "few": one_page(bench.home, {"domains": few})}
    return figures


def metered(home: Path, requests: list[bytes]) -> dict[str, float]:
    """CPU microseconds a request: of the process, and of its parts."""
    with tempfile.TemporaryDirectory() as made:
        out = Path(made) / "meter.json"
        with served(home, ("-m", "benchmarks.stages.metered", out)) as server:
            time.sleep(SETTLE_SECONDS)
            send_once(server, [Search("", "contacts", {"per_page": 1}, False).line()] * 20)
            process_us = send_once(server, requests)["cpu_us"]
        meter = json.loads(out.read_text())
    parts = {name: sum(meter[name][-len(requests) :]) / len(requests) for name in ("search", "documents")}
    parts["unmatched"] = sum(meter["unmatched"]) / len(requests)
    return {"process_us": process_us, **{f"{name}_us": us for name, us in parts.items()},
            "beyond_us": process_us - sum(parts.values())}  # fmt: skip


def one_page(home: Path, body: Figures) -> dict[str, float]:
    """The same page over and over: its cost beyond the engine."""
    found = metered(home, [Search("", "contacts", body, False).line()] * _REPEATED)
    return {**found, "beyond_engine_us": found["beyond_us"] + found["documents_us"]}
