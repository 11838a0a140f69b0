"""Measuring tools: percentiles, and the memory and CPU time of processes as Linux reports them."""

from __future__ import annotations

import math
import os
import statistics
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final

import numpy as np

Spread = dict[str, float]
"""p50, p90, p99 and max."""

_GROWN: Final = 1.01
"""The growth of resident memory after which the proportional set size is read again."""


def spread(values: Sequence[float]) -> Spread:
    """Percentiles by nearest rank, to 3 places."""
    ordered = sorted(values)
    if not ordered:
        return {}

    def at(share: float) -> float:
        return round(ordered[max(0, math.ceil(share * len(ordered)) - 1)], 3)

    return {"p50": at(0.5), "p90": at(0.9), "p99": at(0.99), "max": at(1.0)}


def by_name(found: Sequence[dict[str, Any]], value: str) -> dict[str, Spread]:
    """The spread of `value` for each kind of search, in order of appearance."""
    names = dict.fromkeys(one["shape"] for one in found)
    return {name: spread([one[value] for one in found if one["shape"] == name]) for name in names}


def memory(pid: int | str = "self") -> int:
    """Bytes of proportional set size without pages of files."""
    return _sum_lines(f"/proc/{pid}/smaps_rollup", ("Pss_Anon:", "Pss_Shmem:"))


def resident(pid: int) -> int:
    """Bytes of resident memory without pages of files; memory shared with other processes counts in full.

    Reading it is nearly free, while `memory` walks all pages of a process: 30 ms if it maps some gigabytes.
    """
    return _sum_lines(f"/proc/{pid}/status", ("RssAnon:", "RssShmem:"))


def _sum_lines(path: str, names: tuple[str, ...]) -> int:
    lines = Path(path).read_text().splitlines()
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith(names))


def disk_bytes(directory: Path) -> int:
    """The bytes that the files under `directory` take."""
    return sum(path.stat().st_blocks * 512 for path in directory.rglob("*") if path.is_file())


def cpu_seconds(pid: int) -> float:
    """CPU time of all threads of a process, to about a microsecond. Threads that end meanwhile are left out."""
    total = 0
    for task in Path(f"/proc/{pid}/task").iterdir():
        with suppress(FileNotFoundError, ProcessLookupError):
            total += int((task / "schedstat").read_text().split()[0])
    return total / 1e9


def family(pid: int) -> list[int]:
    """A process and all its descendants."""
    found = [pid]
    for each in found:
        for children in Path(f"/proc/{each}/task").glob("*/children"):
            with suppress(OSError):  # it has ended meanwhile
                found += map(int, children.read_text().split())
    return found


@contextmanager
def peak_memory(pid: int, seconds: float = 0.05) -> Iterator[list[int]]:
    """Watch a process and its descendants until the end of the block; the list then has their peak memory, to 1 %."""
    highest, over = [0], threading.Event()

    def watch() -> None:
        reached = 0.0
        while not over.wait(seconds):
            processes = family(pid)
            now = _sum(resident, processes)
            if now > reached * _GROWN:
                reached = now
                highest[0] = max(highest[0], _sum(memory, processes))

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield highest
    finally:
        over.set()
        thread.join()


def _sum(of: Callable[[int], int], pids: list[int]) -> int:
    """The sum for those processes that have not ended."""
    total = 0
    for pid in pids:
        with suppress(OSError):
            total += of(pid)
    return total


def longest_stop(seconds: float) -> float:
    """The longest stop of this process in ms, while it only reads the clock for this time.

    A virtual machine is stopped now and then, for 100 ms and more when its host is busy or much was written to disk.
    """
    longest, last = 0.0, time.perf_counter()
    until = last + seconds
    while last < until:
        now = time.perf_counter()
        longest, last = max(longest, now - last), now
    return longest * 1000


def load() -> float:
    """The average number of busy processes in the last minute."""
    return round(os.getloadavg()[0], 2)


def turns_s() -> float:
    """CPU seconds of ten million turns of an empty loop: the present speed of the processor."""
    started = time.process_time()
    for _ in range(10_000_000):
        pass
    return time.process_time() - started


def memory_gb_s() -> float:
    """GB a second at which sets that are in no cache are read and united: the present speed of memory.

    The median of five times; each unites 25 sets of ten million bits, after reading 256 MB of other data.
    """
    rng = np.random.default_rng(0)
    sets = [rng.integers(0, 1 << 63, 10_000_000 // 64, np.int64) for _ in range(25)]
    other, seconds = np.ones(1 << 25, np.int64), []
    for _ in range(5):
        other.sum()
        started = time.perf_counter()
        united = np.zeros(10_000_000 // 64, np.int64)
        for at in range(0, len(united), 4_096):
            for one in sets:
                united[at : at + 4_096] |= one[at : at + 4_096]
        seconds.append(time.perf_counter() - started)
    return sum(map(len, sets)) * 8 / statistics.median(seconds) / 1e9
