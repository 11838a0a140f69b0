"""Prometheus metrics: request counts and durations, index lag and record counts. They contain no users or queries.

Several server processes share their counters in files (prometheus-client's multiprocess mode), so that each process
exports the counters of all. Engine metrics are those of the process that serves the request.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

from letrics.api.backends import Backends
from letrics.api.pools import PoolName, RefusalReason
from letrics.engines.base import EngineAway
from letrics.store.base import Position, StoreAway, StoreDescription

if TYPE_CHECKING:
    from prometheus_client import CollectorRegistry, Counter, Histogram
    from prometheus_client.core import Metric

MEDIA_TYPE: Final = b"text/plain; version=0.0.4; charset=utf-8"
_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_SECONDS: Final = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)
"""The bucket bounds of the histogram of request durations, in seconds."""


class Metrics:
    """The metrics of one server process, or of all processes that share the directory `shared`, empty at the start."""

    def __init__(self, shared: Path | None = None) -> None:
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
        self.in_progress: Callable[[], Mapping[str, int]] = dict
        """The number of requests in progress by pool, in this process."""
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

    async def text(self, backends: Backends) -> bytes:
        """All metrics in Prometheus' text format 0.0.4."""
        from prometheus_client import CollectorRegistry, generate_latest
        from prometheus_client.multiprocess import MultiProcessCollector

        states = CollectorRegistry()
        try:
            indexed = await backends.engine.position()
        except EngineAway:
            indexed = None
        try:
            log = await backends.store.describe()
        except StoreAway:
            log = None
        states.register(_State(indexed, log, self.in_progress()))
        if self._shared is None:
            return generate_latest(self._registry) + generate_latest(states)
        together = CollectorRegistry()
        MultiProcessCollector(together, str(self._shared))  # type: ignore[no-untyped-call]
        return generate_latest(together) + generate_latest(states)


class _State:
    """A collector of the position of the engine and the state of the log."""

    def __init__(self, indexed: Position | None, log: StoreDescription | None, in_progress: Mapping[str, int]) -> None:
        self._indexed = indexed
        self._in_progress = in_progress
        self._log = log

    def collect(self) -> Iterator[Metric]:
        from prometheus_client.core import GaugeMetricFamily

        seq = self._indexed.seq if self._indexed is not None else 0
        is_ready = self._indexed is not None
        yield GaugeMetricFamily("letrics_ready", "Whether the server is ready for searches.", is_ready)
        yield GaugeMetricFamily("letrics_engine_seq", "Sequence number of the last change in the index.", seq)
        running = GaugeMetricFamily("letrics_requests_in_progress", "Requests in progress.", labels=["pool"])
        for pool, number in self._in_progress.items():
            running.add_metric([pool], number)
        yield running
        yield GaugeMetricFamily("letrics_store_up", "Whether the database is available.", self._log is not None)
        if self._log is None:
            return
        last, counts = self._log.position.seq, self._log.counts
        yield GaugeMetricFamily("letrics_log_seq", "Sequence number of the last change in the database.", last)
        yield GaugeMetricFamily("letrics_engine_lag", "Changes not yet in the index.", max(0, last - seq))
        records = GaugeMetricFamily("letrics_records", "Records in the database.", labels=["kind"])
        records.add_metric(["companies"], counts.companies)
        records.add_metric(["contacts"], counts.contacts)
        yield records
