"""Prometheus metrics: request counts and durations, index lag and record counts. They contain no users or queries.

Several server processes share their counters in files (prometheus-client's multiprocess mode), so that each process
exports the counters of all, and the worst or the sum of the gauges of all (`letrics.api.metric_states`).
"""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

from letrics import __version__
from letrics.api.backends import Backends
from letrics.api.metric_states import REFRESH_SECONDS, MetricStates
from letrics.api.pools import OverLimit, PoolName, RefusalReason
from letrics.budget import OutOfTime
from letrics.engines.base import EngineAway
from letrics.store.base import StoreAway, StoreDescription

if TYPE_CHECKING:
    from prometheus_client import CollectorRegistry, Counter, Histogram
    from prometheus_client.core import Metric

_log: Final = logging.getLogger("letrics.metrics")

MEDIA_TYPE: Final = b"text/plain; version=0.0.4; charset=utf-8"
_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_SECONDS: Final = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)
"""The bucket bounds of the histogram of request durations, in seconds."""


class Metrics:
    """The metrics of one server process, or of all processes that share the directory `shared`, empty at the start.

    `home` is a directory on the disk whose free space is shown.
    """

    def __init__(self, shared: Path | None = None, home: Path | None = None) -> None:
        if shared is not None:
            os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(shared)
        # Imported here because the library decides at import time whether counters are shared.
        from prometheus_client import CollectorRegistry, Counter, Histogram

        self._shared = shared
        self._registry: CollectorRegistry = CollectorRegistry()
        self._requests: Counter = Counter(
            "letrics_requests", "HTTP requests served.", ["route", "method", "status"], registry=self._registry
        )
        self._seconds: Histogram = Histogram(
            "letrics_request_seconds", "Duration of requests.", ["route"], buckets=_SECONDS, registry=self._registry
        )
        self._refused: Counter = Counter(
            "letrics_refused_requests", "Requests refused to protect other callers.", ["pool", "reason"],
            registry=self._registry,
        )  # fmt: skip
        self.states: Final = MetricStates(self._registry, home)
        self._counters: dict[tuple[str, str, int], Counter] = {}
        self._histograms: dict[str, Histogram] = {}

    def count(self, route: str, method: str, status: int, seconds: float) -> None:
        """Count one request. `route` is a route template or a fixed word, so that the number of series is bounded."""
        key = (route, method, status)
        counter = self._counters.get(key)
        if counter is None:
            named = method if method in _METHODS else "other"
            counter = self._counters.setdefault(key, self._requests.labels(route, named, str(status)))
        counter.inc()
        histogram = self._histograms.get(route)
        if histogram is None:
            histogram = self._histograms.setdefault(route, self._seconds.labels(route))
        histogram.observe(seconds)

    def count_refusal(self, pool: PoolName, reason: RefusalReason) -> None:
        """Count a request that was refused, or that exceeded its time budget."""
        self._refused.labels(pool, reason).inc()

    def count_failure(self, error: Exception) -> None:
        """Count a request that failed with `error` if it was refused, or exceeded its time budget."""
        if isinstance(error, OverLimit):
            self.count_refusal(error.pool, error.reason)
        elif isinstance(error, OutOfTime):
            self.count_refusal("requests", "time_budget")

    async def refresh(self, backends: Backends) -> StoreDescription | None:
        """Update the gauges of this process. Returns the state of the log, None if the database is away."""
        try:
            indexed = await backends.engine.position()
        except EngineAway:
            indexed = None
        try:
            log = await backends.store.describe()
        except StoreAway:
            log = None
        self.states.refresh(indexed, log)
        return log

    async def refresh_for_ever(self, backends: Backends) -> None:
        """Update the gauges now and then: another process may be asked for those of this one."""
        while True:
            try:
                await self.refresh(backends)
            except Exception:
                _log.exception("updating the metrics failed")
            await asyncio.sleep(REFRESH_SECONDS)

    async def text(self, backends: Backends) -> bytes:
        """All metrics in Prometheus' text format 0.0.4."""
        from prometheus_client import CollectorRegistry, generate_latest
        from prometheus_client.multiprocess import MultiProcessCollector

        stored = CollectorRegistry()
        stored.register(_LogState(await self.refresh(backends)))
        if self._shared is None:
            return generate_latest(self._registry) + generate_latest(stored)
        together = CollectorRegistry()
        MultiProcessCollector(together, str(self._shared))  # type: ignore[no-untyped-call]
        return generate_latest(together) + generate_latest(stored)


def forget_process(shared: Path, process: int) -> None:
    """Remove the gauges of a server process that has ended. Its counters stay."""
    from prometheus_client.multiprocess import mark_process_dead

    mark_process_dead(process, str(shared))  # type: ignore[no-untyped-call]


class _LogState:
    """A collector of what every process sees alike: the version and the state of the log."""

    def __init__(self, log: StoreDescription | None) -> None:
        self._log = log

    def collect(self) -> Iterator[Metric]:
        from prometheus_client.core import GaugeMetricFamily

        info = GaugeMetricFamily("letrics_info", "The version of the program.", labels=["version"])
        info.add_metric([__version__], 1)
        yield info
        if self._log is None:
            return
        last, counts, changed = self._log.position.seq, self._log.counts, self._log.changed_ms
        yield GaugeMetricFamily("letrics_log_seq", "Sequence number of the last change in the database.", last)
        if changed is not None:
            yield GaugeMetricFamily(
                "letrics_log_changed_seconds", "Time of the last change since 1970.", changed / 1000
            )
        yield GaugeMetricFamily("letrics_database_bytes", "Size of the database of records.", self._log.bytes)
        records = GaugeMetricFamily("letrics_records", "Records in the database.", labels=["kind"])
        records.add_metric(["companies"], counts.companies)
        records.add_metric(["contacts"], counts.contacts)
        yield records
