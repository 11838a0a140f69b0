"""Measuring tools: percentiles, and the memory and CPU time of processes as Linux tells them."""

from __future__ import annotations

import math
import os
import statistics
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import numpy as np

Spread = dict[str, float]
"""p50, p90, p99 and max."""


def spread(values: Sequence[float]) -> Spread:
    """By nearest rank, to 3 places."""
    ordered = sorted(values)
    if not ordered:
        return {}

    def at(share: float) -> float:
        return round(ordered[max(0, math.ceil(share * len(ordered)) - 1)], 3)

    return {"p50": at(0.5), "p90": at(0.9), "p99": at(0.99), "max": at(1.0)}


def by_name(asked: Sequence[dict[str, Any]], member: str, name: str = "shape") -> dict[str, Spread]:
    """The spread of `member` for each `name` there is, in order of appearance."""
    names = dict.fromkeys(one[name] for one in asked)
    return {each: spread([one[member] for one in asked if one[name] == each]) for each in names}


def memory(pid: int | str = "self") -> int:
    """Bytes of proportional set size without pages of files."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith(("Pss_Anon:", "Pss_Shmem:")))


def longest_stop(seconds: float) -> float:
    """The longest that this process stood still, in ms, while it did nothing but look at the clock for so long: what
    runs on a virtual machine is stopped now and then, for a tenth of a second and more when its host has others to
    serve, or after much was written to its disk."""
    longest, last = 0.0, time.perf_counter()
    until = last + seconds
    while last < until:
        now = time.perf_counter()
        longest, last = max(longest, now - last), now
    return longest * 1000


def resident(pid: int) -> int:
    """Bytes of resident memory without pages of files. Those shared with other processes count wholly; but to ask costs
    next to nothing, while `memory` walks all pages of a process: 30 ms where it maps some gigabytes."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith(("RssAnon:", "RssShmem:")))


def cpu_seconds(pid: int) -> float:
    """CPU time of all threads of a process, to a microsecond or so."""
    tasks = Path(f"/proc/{pid}/task").iterdir()
    return sum(int((task / "schedstat").read_text().split()[0]) for task in tasks) / 1e9


def family(pid: int) -> list[int]:
    """A process and all its descendants."""
    parents: dict[int, list[int]] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(path.read_text().rpartition(")")[2].split()[1])
        except OSError:  # it has ended meanwhile
            continue
        parents.setdefault(parent, []).append(int(path.parent.name))
    found = [pid]
    for each in found:
        found += parents.get(each, [])
    return found


_GROWN = 1.01
"""What is measured is asked for its memory exactly whenever it has grown by so much."""


@contextmanager
def peak_memory(pid: int, seconds: float = 0.05) -> Iterator[list[int]]:
    """Watch a process and its descendants until the end of the block; the list then holds the most memory seen, to
    about a hundredth."""
    most, over = [0], threading.Event()

    def watch() -> None:
        reached = 0.0
        while not over.wait(seconds):
            every = family(pid)
            now = _sum(resident, every)
            if now > reached * _GROWN:
                reached = now
                most[0] = max(most[0], _sum(memory, every))

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield most
    finally:
        over.set()
        thread.join()


def _sum(of: Callable[[int], int], pids: list[int]) -> int:
    """Of those processes that have not ended."""
    total = 0
    for pid in pids:
        with suppress(OSError):
            total += of(pid)
    return total


def load() -> float:
    """How busy the machine was in the last minute, in processes."""
    return round(os.getloadavg()[0], 2)


def turns_s() -> float:
    """CPU seconds of ten million turns of an empty loop: how fast the processor is just now."""
    started = time.process_time()
    for _ in range(10_000_000):
        pass
    return time.process_time() - started


def memory_gb_s() -> float:
    """GB a second at which sets that are in no cache are read and united: how fast memory is just now. Of five
    times the middle one; each unites 25 sets of ten million bits, after 256 MB of something else have been read."""
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


def in_memory(directory: Path) -> None:
    """Have the system read the files under a directory, so that they are in its memory, as they are where it serves."""
    for path in directory.rglob("*"):
        if path.is_file():
            with path.open("rb", buffering=0) as file:
                while file.read(1 << 24):
                    pass
