from __future__ import annotations

import os
import threading
import time

from benchmarks.measure import by_name, cpu_seconds, family, peak_memory, spread


def test_spread_percentiles_are_by_nearest_rank() -> None:
    assert spread(range(1, 101)) == {"p50": 50, "p90": 90, "p99": 99, "max": 100}
    assert spread([7.0]) == {"p50": 7.0, "p90": 7.0, "p99": 7.0, "max": 7.0}
    found = [{"shape": "b", "ms": 1.0}, {"shape": "a", "ms": 2.0}]
    assert list(by_name(found, "ms")) == ["b", "a"]


def test_peak_memory_counts_what_is_released_later() -> None:
    with peak_memory(os.getpid(), 0.01) as peak:
        until = time.monotonic() + 30
        while not peak[0] and time.monotonic() < until:
            time.sleep(0.01)
        before = peak[0]  # with the servers and browsers that this process of the test run has started
        held = bytearray(b"x") * 50_000_000
        until = time.monotonic() + 30
        while peak[0] < before + 45_000_000 and time.monotonic() < until:
            time.sleep(0.01)
        del held
    assert 45_000_000 < peak[0] - before < 80_000_000
    assert family(os.getpid())[0] == os.getpid()


def test_cpu_seconds_ignores_threads_that_end_meanwhile() -> None:
    ending = threading.Event()

    def start_threads() -> None:
        while not ending.is_set():
            short = threading.Thread(target=int)
            short.start()
            short.join()

    starter = threading.Thread(target=start_threads)
    starter.start()
    try:
        assert all(cpu_seconds(os.getpid()) > 0 for _ in range(500))
    finally:
        ending.set()
        starter.join()
