"""The whole index built again from the log, as when the saved one is lost, and saved."""

from __future__ import annotations

import os
import time
from itertools import pairwise
from pathlib import Path

from benchmarks.measure import peak_memory
from benchmarks.stages.bench import Bench, Figures, stay_on
from letrics.engines.bitmap import BitmapEngine
from letrics.fields import warm_up
from letrics.settings import Home
from letrics.store.sqlite import SqliteStore


def run(bench: Bench) -> Figures:
    stay_on(None)
    warm_up()
    told: list[tuple[float, str]] = []
    with peak_memory(os.getpid(), 0.2) as peak:
        store = SqliteStore.open(Home(bench.home).database, create=False)
        engine = BitmapEngine()
        started = time.monotonic()
        engine.load(store, None, lambda text, *_: told.append((time.monotonic(), text)))
        built = time.monotonic() - started
        path = Path(bench.data / "rebuilt.snapshot")
        engine.save(path)
        saved = time.monotonic() - started
    path.unlink()
    moments = [started, *(moment for moment, _ in told)]
    longest = max(later - earlier for earlier, later in pairwise(moments)) if told else None
    return {
        "built_s": built,
        "saved_s": saved,
        "progress_told": len(told),
        "longest_silence_s": longest,
        "peak_bytes": peak[0],
    }
