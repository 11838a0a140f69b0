"""One engine in a process of its own, measured: how long it starts, how much memory it holds, how fast it answers.

Run by `run.py`, pinned to one core; prints JSON. Each search of the mix is asked once, so that nothing is answered from
memory of the same search; what an engine keeps of values it has met before is part of what is measured.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import time
from pathlib import Path
from typing import Any

from benchmarks.workloads.mix import mix
from letrics.engines.base import Window
from letrics.engines.bitmap import BitmapEngine
from letrics.fields import warm_up
from letrics.query import Request, parse_request
from letrics.settings import Home
from letrics.store.sqlite import SqliteStore


def pss() -> int:
    """Bytes of memory this process has to itself, shared pages counted in part (Linux)."""
    for line in Path("/proc/self/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss_Anon:"):
            return int(line.split()[1]) * 1024
    raise LookupError("Pss_Anon")


def window_of(request: Request) -> Window:
    return Window(request.order, ((request.page or 1) - 1) * request.per_page, request.after, request.per_page)


async def ask(engine: BitmapEngine, store: SqliteStore, companies: int, seed: int) -> list[dict[str, Any]]:
    found = []
    for name, kind, body in mix(companies=companies, seed=seed):
        request = parse_request(kind, body)
        started = time.perf_counter()
        hits = await engine.search(request.query, window_of(request))
        searched = time.perf_counter()
        store.documents(kind, hits.nums)
        done = time.perf_counter()
        found.append({"shape": name, "total": hits.total, "nums": hits.nums, "search_ms": (searched - started) * 1000,
                      "documents_ms": (done - searched) * 1000})  # fmt: skip
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("home", type=Path)
    parser.add_argument("--companies", type=int, required=True)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    home = Home(given.home)
    warm_up()
    before = pss()
    store = SqliteStore.open(home.database, create=False)
    engine = BitmapEngine(budget_ms=60_000)
    started = time.perf_counter()
    engine.load(store, home.snapshot)
    loaded = time.perf_counter() - started
    held = pss() - before
    asked = asyncio.run(ask(engine, store, given.companies, given.seed))
    print(json.dumps({"start_s": loaded, "index_bytes": held, "process_bytes": pss(), "asked": asked}))


if __name__ == "__main__":
    main()
