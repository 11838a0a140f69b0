"""The HTTP path: one worker on one core, callers on the other.

A server has some seconds to take the memory it keeps at hand. One connection asks the mix, each search once. Then wrk
asks the same over 32 connections. Then a server with a meter answers the mix again and tells what the engine and the
reading of documents took of it: the rest of the process's CPU time is the HTTP path's own. The same is done for a page
of 25 contacts, with few hits and with all there are.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any, Final

from benchmarks import generate
from benchmarks.measure import by_name, cpu_seconds, memory, spread
from benchmarks.stages.asked import encoded, mix
from benchmarks.stages.bench import CLIENT, Bench, Figures, remember, stay_on
from benchmarks.stages.server import Served, served
from benchmarks.workloads import Search

CONNECTIONS: Final = 32
_WRK_SECONDS: Final = 15
_REPEATED: Final = 300
_LUA: Final = Path(__file__).with_name("wrk.lua")


def run(bench: Bench) -> Figures:
    stay_on(CLIENT)
    searches = mix(bench)
    remember(bench.home)
    with served(bench.home) as server:
        figures = {"start_s": server.start_s, **one_connection(server, searches)}
        figures["memory_bytes"] = memory(server.pid)
        figures["wrk"] = many_connections(server, searches)
        figures["memory_after_wrk_bytes"] = memory(server.pid)
    figures["metered"] = metered(bench.home, searches)
    figures["page_of_25"] = {
        "all": one_page(bench.home, Search("all", "contacts", {}, False)),
        "few": one_page(bench.home, narrow(bench)),
    }
    return figures


def narrow(bench: Bench) -> Search:
    """A search with few hits, and a whole page of them: contacts of one company of middling size."""
    domains = [generate.domain(number) for number in range(bench.companies // 2, bench.companies // 2 + 10)]
    return Search("few", "contacts", {"domains": domains}, False)


def one_connection(server: Served, searches: list[Search]) -> dict[str, Any]:
    server.settle()
    connection = server.connect()
    connection.ask(connection.encode("/healthz"))
    requests = [connection.search(search) for search in searches]
    asked: list[dict[str, Any]] = []
    sizes: list[int] = []
    before = cpu_seconds(server.pid)
    for search, request in zip(searches, requests, strict=True):
        started = time.perf_counter()
        status, body = connection.ask(request)
        asked.append({"shape": search.name, "ms": (time.perf_counter() - started) * 1000})
        sizes.append(len(body))
        assert status == 200, (search, body)
    cpu = cpu_seconds(server.pid) - before
    connection.close()
    return {
        "ms": spread([one["ms"] for one in asked]),
        "shapes": by_name(asked, "ms"),
        "cpu_us": cpu / len(asked) * 1e6,
        "mean_bytes": sum(sizes) / len(sizes),
    }


def many_connections(server: Served, searches: list[Search]) -> dict[str, Any] | None:
    """wrk over CONNECTIONS connections; None, with a word on how to install it, where it is missing."""
    if shutil.which("wrk") is None:
        print("wrk is missing, so that many connections are not measured: apt-get install wrk")
        return None
    with tempfile.TemporaryDirectory() as made:
        bodies = Path(made) / "bodies.txt"
        bodies.write_bytes(b"".join(b"/v1/%s %s\n" % (s.kind.encode(), encoded(s)) for s in searches))
        before = cpu_seconds(server.pid)
        done = subprocess.run(
            ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{_WRK_SECONDS}s", "--latency", "-s", _LUA,
             f"http://127.0.0.1:{server.port}"],
            env={**os.environ, "BODIES": str(bodies), "TOKEN": server.token}, check=True, stdout=subprocess.PIPE,
            text=True,
        )  # fmt: skip
        cpu = cpu_seconds(server.pid) - before
    told: dict[str, Any] = json.loads(re.findall(r"^\{.*\}$", done.stdout, re.MULTILINE)[-1])
    return {**told, "cpu_us": cpu / max(1, told["requests"]) * 1e6}


def metered(home: Path, searches: list[Search]) -> dict[str, float]:
    """CPU microseconds a request: of the process, and what its parts took."""
    with tempfile.TemporaryDirectory() as made:
        out = Path(made) / "meter.json"
        with served(home, ("-m", "benchmarks.stages.metered", home, out)) as server:
            server.settle()
            connection = server.connect()
            for _ in range(20):  # what is imported and made at the first request is nobody's
                connection.ask(connection.search(Search("", "contacts", {"per_page": 1}, False)))
            requests = [connection.search(search) for search in searches]
            before = cpu_seconds(server.pid)
            for request in requests:
                connection.ask(request)
            cpu = (cpu_seconds(server.pid) - before) * 1e6 / len(searches)
        meter = json.loads(out.read_text())
    parts = {name: sum(meter[name][-len(searches) :]) / len(searches) for name in ("search", "documents")}
    parts["unmatched"] = sum(meter["unmatched"]) / len(searches)
    return {"process_us": cpu, **{f"{k}_us": v for k, v in parts.items()}, "beyond_us": cpu - sum(parts.values())}


def one_page(home: Path, search: Search) -> dict[str, float]:
    """The same page again and again: what it costs beyond the engine."""
    found = metered(home, [search] * _REPEATED)
    return {**found, "beyond_engine_us": found["beyond_us"] + found["documents_us"]}
