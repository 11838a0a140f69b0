"""The measurements that are made of each commit; each returns numbers by name, or milliseconds of each search."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import msgspec

from benchmarks.generate import import_files
from benchmarks.measure import cpu_seconds, family, memory, peak_memory
from benchmarks.stages.bench import SERVER, environment, python, remember
from benchmarks.stages.http import many_connections
from benchmarks.stages.server import served
from benchmarks.workloads import Search

Figures = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two commits: its working tree, its name, and the home it imports into."""

    name: str
    source: Path
    home: Path


@dataclass(frozen=True, slots=True)
class Inputs:
    """What both sides are given: the folder of generated data, the number of its rows, and the searches."""

    data: Path
    rows: int
    import_rows: int
    searches: list[Search]
    requests: Path


def import_all(side: Side, given: Inputs) -> Figures:
    """Import everything into an empty home."""
    shutil.rmtree(side.home, ignore_errors=True)
    files = (given.data / "companies.jsonl", given.data / "contacts.jsonl")
    return _import(side, files, given.rows, "import of everything")


def import_unchanged(side: Side, given: Inputs) -> Figures:
    files = import_files(given.data)
    return _import(side, ("--kind", "contacts", files.unchanged), given.import_rows, "import, unchanged")


def import_changed(side: Side, given: Inputs) -> Figures:
    files = import_files(given.data)
    return _import(side, ("--kind", "contacts", files.changed), given.import_rows, "import, changed")


def import_new(side: Side, given: Inputs) -> Figures:
    files = import_files(given.data)
    return _import(side, ("--kind", "contacts", files.new), given.import_rows, "import, new")


def _import(side: Side, arguments: tuple[object, ...], rows: int, name: str) -> Figures:
    command = python(None, "-m", "letrics.cli", "import", *arguments)
    started = time.monotonic()
    process = subprocess.Popen(
        command, env=environment(side.home, side.source), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    with peak_memory(process.pid) as peak:
        if process.wait() != 0:
            raise RuntimeError(f"{side.name}: {' '.join(command)} failed")
    seconds = time.monotonic() - started
    os.sync()
    return {f"{name}, rows/s": rows / seconds, f"{name}, MB": peak[0] / 1e6}


def engine(side: Side, given: Inputs) -> Figures:
    """The mix in one process on one core."""
    command = python(SERVER, "-m", "benchmarks.compare.probe", side.home, given.requests)
    remember(side.home)
    done = subprocess.run(command, env=environment(side.home, side.source), check=True, stdout=subprocess.PIPE)
    found = json.loads(done.stdout)
    return {
        "engine, mix": found["ms"],
        "engine, load of the index, s": found["load_s"],
        "engine, memory, MB": found["memory_bytes"] / 1e6,
    }


def server(side: Side, given: Inputs) -> Figures:
    """The start, the mix over one connection and then over many, and the memory of the server after each."""
    remember(side.home)
    with served(side.home, source=side.source) as running:
        started = time.monotonic()
        connection = running.connect()
        connection.total(connection.search(Search("", "contacts", {"has_linkedin_profile": True}, False)))
        found: Figures = {"start to first response, s": running.start_s + time.monotonic() - started}
        running.settle()
        requests = [connection.search(search) for search in given.searches]
        times, on_server, totals = [], [], []
        before = cpu_seconds(running.pid)
        for request in requests:
            started = time.perf_counter()
            status, body = connection.ask(request)
            times.append((time.perf_counter() - started) * 1000)
            assert status == 200, (request, body)
            meta = msgspec.json.decode(body)["meta"]
            on_server.append(meta["took_ms"])
            totals.append(meta["total"])
        cpu_us = (cpu_seconds(running.pid) - before) / len(times) * 1e6
        found |= {"HTTP, mix": times, "HTTP, mix, took_ms": on_server, "HTTP, CPU a request, µs": cpu_us}
        found |= {"server, memory, MB": _memory(running.pid) / 1e6, "totals": totals}
        wrk = many_connections(running, given.searches)
        if wrk is not None:
            found |= {
                "HTTP, 32 connections, requests/s": wrk["per_second"],
                "server, memory after 32 connections, MB": _memory(running.pid) / 1e6,
            }
        connection.close()
    return found


def _memory(pid: int) -> int:
    return sum(map(memory, family(pid)))


MEASURES: Final[dict[str, Callable[[Side, Inputs], Figures]]] = {
    "import": import_all,
    "engine": engine,
    "server": server,
    "unchanged": import_unchanged,
    "changed": import_changed,
    "new": import_new,
}
"""In the order they run in a round; those that change a home come last."""
