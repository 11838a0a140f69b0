"""Searches with the engine of one commit, in this process: `python -m benchmarks.compare.probe HOME REQUESTS`.

REQUESTS has one search a line, a path and a JSON body, as for wrk. Prints JSON: the milliseconds of each search, the
seconds to load the saved index, and the memory of the process. It imports only names that are stable between commits.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

from benchmarks.measure import memory
from letrics.engines.base import Window
from letrics.engines.bitmap import BitmapEngine
from letrics.query import parse_request
from letrics.settings import Home
from letrics.store.sqlite import SqliteStore

WARM_UP = (
    ("contacts", {"has_linkedin_profile": True}),
    ("contacts", {"updated_after": "2030-01-01", "locations": ["Iceland"]}),
    ("contacts", {"job_titles": ["zzyzx"]}),
    ("companies", {"locations": ["Iceland"]}),
)
"""Searches that make the process import and allocate what its first searches need."""


def search(engine: BitmapEngine, kind: Any, body: dict[str, Any]) -> float:
    """Milliseconds of one search."""
    request = parse_request(kind, body)
    offset = ((request.page or 1) - 1) * request.per_page
    steps = engine.search(request.query, Window(request.order, offset, request.after, request.per_page))
    started = time.perf_counter()
    while True:
        try:
            steps.send(None)
        except StopIteration:
            return (time.perf_counter() - started) * 1000


def main() -> None:
    home, requests = Home(Path(sys.argv[1])), Path(sys.argv[2])
    engine = BitmapEngine(budget_ms=60_000)
    started = time.monotonic()
    engine.load(SqliteStore.open(home.database, create=False), home.snapshot)
    load_s = time.monotonic() - started
    for kind, body in WARM_UP:
        search(engine, kind, body)
    times = []
    for line in requests.read_bytes().splitlines():
        path, _, sent = line.partition(b" ")
        times.append(search(engine, path.decode().rpartition("/")[2], json.loads(sent)))
    print(json.dumps({"ms": times, "load_s": load_s, "memory_bytes": memory()}))


if __name__ == "__main__":
    main()
