"""Runs searches with the engine in this process: `python -m benchmarks.probe HOME REQUESTS`.

REQUESTS has one search a line, a path and a JSON body. Prints JSON: the milliseconds, total and nums of each search,
the seconds to load the saved index, its memory, and the memory of the process. The names that it imports from the
program are the same in all commits that `compare` runs.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any, Final

from benchmarks.measure import memory
from letrics.engines import base
from letrics.engines.base import Window
from letrics.engines.bitmap import BitmapEngine
from letrics.fields import warm_up
from letrics.query import parse_request
from letrics.settings import Home
from letrics.store.sqlite import SqliteStore

_WARM_UP: Final = (
    ("contacts", {"has_linkedin_profile": True}), ("contacts", {"updated_after": "2030-01-01"}),
    ("contacts", {"locations": ["Iceland"]}), ("contacts", {"job_titles": ["zzyzx"]}),
    ("companies", {"has_linkedin_profile": True}), ("companies", {"locations": ["Iceland"]}),
)  # fmt: skip
"""Searches that import and allocate what the first searches of a process need."""


def search(engine: BitmapEngine, kind: Any, body: dict[str, Any]) -> tuple[float, int, list[int]]:
    """The milliseconds, the total and the nums of one search."""
    request = parse_request(kind, body)
    offset = ((request.page or 1) - 1) * request.per_page
    window = Window(request.order, offset, request.after, request.per_page)
    wrapped = getattr(base, "SearchRequest", None)  # older commits take the query and the window
    given = (request.query, window) if wrapped is None else (wrapped(request.query, window),)
    steps = engine.search(*given)
    started = time.perf_counter()
    while True:  # it runs alone, so it continues at once where it would let others run
        try:
            steps.send(None)
        except StopIteration as stop:
            return (time.perf_counter() - started) * 1000, stop.value.total, list(stop.value.nums)


def main() -> None:
    home = Home(Path(sys.argv[1]))
    warm_up()
    before, started = memory(), time.monotonic()
    engine = BitmapEngine(budget_ms=60_000)
    engine.load(SqliteStore.open(home.database, create=False), home.snapshot)
    figures: dict[str, Any] = {"load_s": time.monotonic() - started, "index_bytes": memory() - before}
    for kind, body in _WARM_UP:
        search(engine, kind, body)
    found = []
    for line in Path(sys.argv[2]).read_bytes().splitlines():
        path, _, sent = line.partition(b" ")
        found.append(search(engine, path.decode().rpartition("/")[2], json.loads(sent)))
    figures |= zip(("ms", "totals", "nums"), zip(*found, strict=True), strict=True)
    print(json.dumps(figures | {"process_bytes": memory()}))


if __name__ == "__main__":
    main()
