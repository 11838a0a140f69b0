"""`letrics serve` that records the CPU time of the engine and of reading documents in each request.

Run as `python -m benchmarks.stages.metered OUT`; writes OUT as JSON when the server stops: for each function, the CPU
microseconds of each call, and of searches also the elapsed milliseconds. Times are of the serving thread, so that with
one connection the rest of the process's time is the HTTP path's own.
"""

from __future__ import annotations

import inspect
import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from letrics.cli import main
from letrics.engines.bitmap import BitmapEngine
from letrics.store.sqlite import SqliteStore

METER: dict[str, list[float]] = {"search": [], "search_ms": [], "unmatched": [], "documents": []}


@contextmanager
def metered(name: str) -> Iterator[None]:
    begun, started = time.perf_counter(), time.thread_time_ns()
    try:
        yield
    finally:
        METER[name].append((time.thread_time_ns() - started) / 1000)
        if name == "search":
            METER["search_ms"].append((time.perf_counter() - begun) * 1000)


def with_meter(function: Callable[..., Any]) -> Callable[..., Any]:
    """The same function or coroutine function, with each call recorded under its name."""

    def plain(*arguments: Any) -> Any:
        with metered(function.__name__):
            return function(*arguments)

    async def coroutine(*arguments: Any) -> Any:
        with metered(function.__name__):
            return await function(*arguments)

    return coroutine if inspect.iscoroutinefunction(function) else plain


if __name__ == "__main__":
    for owner, name in ((BitmapEngine, "search"), (BitmapEngine, "unmatched"), (SqliteStore, "documents")):
        setattr(owner, name, with_meter(getattr(owner, name)))
    out = Path(sys.argv[1])
    sys.argv[1:] = ["serve", "--port", "0"]
    os.environ["LETRICS_QUERY_BUDGET_MS"] = "60000"
    try:
        main()
    finally:
        out.write_text(json.dumps(METER))
