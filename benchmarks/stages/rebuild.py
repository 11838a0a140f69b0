"""Rebuilds the whole index from the log, as when the saved one is lost, and saves it."""

from __future__ import annotations

import os
import time

from benchmarks.measure import peak_memory
from benchmarks.stages.bench import Bench, Figures, stay_on
from letrics.engines.bitmap import BitmapEngine
from letrics.fields import warm_up
from letrics.settings import Home
from letrics.store.sqlite import SqliteStore


def run(bench: Bench) -> Figures:
    stay_on(None)
    warm_up()
    reports: list[str] = []
    path = bench.data / "rebuilt.snapshot"
    with peak_memory(os.getpid(), 0.2) as peak, SqliteStore.open(Home(bench.home).database, create=False) as store:
        engine = BitmapEngine()
        started = time.monotonic()
        engine.load(store, None, lambda text, *_: reports.append(text))
        built_s = time.monotonic() - started
        engine.save(path)
        saved_s = time.monotonic() - started
    path.unlink()
    return {"built_s": built_s, "saved_s": saved_s, "progress_told": len(reports), "peak_bytes": peak[0]}
