"""Gauges of the state of a server process: how far its index is behind, its memory, its connections, the disk.

If several processes serve, each writes its own values to files of prometheus-client, every `REFRESH_SECONDS`, and the
process that is asked exports one value of all: the worst or the sum. So it does not matter which one serves a scrape.
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

from letrics.api.connection_counts import COUNTS
from letrics.store.base import Position, StoreDescription

if TYPE_CHECKING:
    from prometheus_client import CollectorRegistry, Gauge

REFRESH_SECONDS: Final = 2.0
"""Seconds between two updates of the gauges."""
Mode = Literal["livemin", "livemax", "livesum"]
"""Which value of all live processes is exported."""
_PAGE_BYTES: Final = os.sysconf("SC_PAGE_SIZE")
"""The size of a page of memory, in bytes."""


class Lag:
    """How long an index has been behind its log. `steady` is a monotonic clock in seconds."""

    def __init__(self, steady: Callable[[], float] = time.monotonic) -> None:
        self._steady = steady
        self._target = 0
        self._since: float | None = None

    def seconds(self, indexed: int, end: int) -> float:
        """The time since the oldest change that the index lacks was seen at the end of the log."""
        now = self._steady()
        if indexed >= end:
            self._since = None
            return 0.0
        if self._since is None or indexed >= self._target:
            self._target, self._since = end, now
        return now - self._since


class MetricStates:
    """The gauges of a process, in `registry`. `home` is a directory on the disk whose free space is shown."""

    def __init__(self, registry: CollectorRegistry, home: Path | None = None) -> None:
        self._registry = registry
        self._home = home
        self._lag = Lag()
        self._more: list[tuple[Gauge, Callable[[], float]]] = []
        make = self._make
        self._ready = make("letrics_ready", "Whether every server process is ready for searches.", "livemin")
        self._seq = make("letrics_engine_seq", "The last change in the index, of the slowest process.", "livemin")
        self._behind = make("letrics_engine_lag", "Changes not yet in the index, of the slowest process.", "livemax")
        self._late = make("letrics_engine_lag_seconds", "Age of the oldest change not yet in an index.", "livemax")
        self._up = make("letrics_store_up", "Whether every process can read the database.", "livemin")
        self._running = make("letrics_requests_in_progress", "Requests in progress, by pool.", "livesum", ["pool"])
        self.in_progress: Callable[[], Mapping[str, int]] = dict
        """Returns the number of requests in progress by pool, in this process."""
        self.watch("letrics_memory_bytes", "Resident memory of all processes.", "livesum", resident_bytes)
        self.watch("letrics_connections", "Open connections.", "livesum", lambda: COUNTS.opened)
        self.watch(
            "letrics_connections_refused", "Connections refused at the limit.", "livesum", lambda: COUNTS.refused
        )
        if home is not None:
            free = "Free space on the disk of the home directory."
            self.watch("letrics_disk_free_bytes", free, "livemin", lambda: shutil.disk_usage(home).free)
            size = "Size of the disk of the home directory."
            self.watch("letrics_disk_size_bytes", size, "livemin", lambda: shutil.disk_usage(home).total)

    def watch(self, name: str, meaning: str, mode: Mode, read: Callable[[], float]) -> None:
        """Add a gauge whose value `read` returns. It is called every few seconds and must not wait."""
        self._more.append((self._make(name, meaning, mode), read))

    def refresh(self, indexed: Position | None, log: StoreDescription | None) -> None:
        """Set all gauges: the position of the index, None while it is not ready, and the log, None if it is away."""
        seq = 0 if indexed is None else indexed.seq
        self._ready.set(indexed is not None)
        self._seq.set(seq)
        self._up.set(log is not None)
        if log is not None:
            self._behind.set(max(0, log.position.seq - seq))
            self._late.set(self._lag.seconds(seq, log.position.seq))
        for gauge, read in self._more:
            try:
                gauge.set(read())
            except OSError:  # the directory is not there at present
                gauge.set(0)
        for pool, number in self.in_progress().items():
            self._running.labels(pool).set(number)

    def _make(self, name: str, meaning: str, mode: Mode, labels: Sequence[str] = ()) -> Gauge:
        from prometheus_client import Gauge

        return Gauge(name, meaning, labels, registry=self._registry, multiprocess_mode=mode)


def resident_bytes() -> float:
    """The resident memory of this process, without what it shares with others by mapped files (proc_pid_statm(5))."""
    _, resident, shared, *_ = Path("/proc/self/statm").read_text().split()
    return (int(resident) - int(shared)) * _PAGE_BYTES
