"""Measurements for Prometheus: how many requests, how long, how fresh and how big. Never who or what was asked.

With several server processes the counters lie in files they share (prometheus-client's multiprocess mode), so that any
process answers for all of them; what concerns the engine is that of the process that answers.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

from letrics.api.backends import Backends
from letrics.store.base import StoreAway

if TYPE_CHECKING:
    from prometheus_client import CollectorRegistry, Counter, Histogram
    from prometheus_client.core import Metric

MEDIA_TYPE: Final = b"text/plain; version=0.0.4; charset=utf-8"
_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_SECONDS: Final = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)


class Metrics:
    """The measurements of one server process; with `shared`, an empty directory, of all that share it."""

    def __init__(self, shared: Path | None = None) -> None:
        if shared is not None:
            os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(shared)
        # Imported here: the library decides once, when it is imported, whether counters are shared.
        from prometheus_client import CollectorRegistry, Counter, Histogram

        self._shared = shared
        self._registry: CollectorRegistry = CollectorRegistry()
        self._requests: Counter = Counter(
            "letrics_requests", "Requests answered.", ["route", "method", "status"], registry=self._registry
        )
        self._seconds: Histogram = Histogram(
            "letrics_request_seconds", "How long answers took.", ["route"], buckets=_SECONDS, registry=self._registry
        )
        self._counters: dict[tuple[str, str, int], Counter] = {}
        self._histograms: dict[str, Histogram] = {}

    def count(self, route: str, method: str, status: int, seconds: float) -> None:
        """One request was answered. `route` is a template or a fixed word, so that the number of series is bounded."""
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

    def text(self, backends: Backends) -> bytes:
        """All measurements, in Prometheus' text format 0.0.4."""
        from prometheus_client import CollectorRegistry, generate_latest
        from prometheus_client.multiprocess import MultiProcessCollector

        states = CollectorRegistry()
        states.register(_State(backends))
        if self._shared is None:
            return generate_latest(self._registry) + generate_latest(states)
        together = CollectorRegistry()
        MultiProcessCollector(together, str(self._shared))  # type: ignore[no-untyped-call]
        return generate_latest(together) + generate_latest(states)


class _State:
    """How the engine and the store stand at this moment."""

    def __init__(self, backends: Backends) -> None:
        self._backends = backends

    def collect(self) -> Iterator[Metric]:
        from prometheus_client.core import GaugeMetricFamily

        engine, store = self._backends.engine, self._backends.store
        seq = engine.seq()
        yield GaugeMetricFamily("letrics_ready", "Whether searches can be answered.", engine.ready())
        yield GaugeMetricFamily("letrics_engine_seq", "The last change of the log that searches take in.", seq)
        try:
            last, counts = store.position().seq, store.counts()
        except StoreAway:
            yield GaugeMetricFamily("letrics_store_up", "Whether the database can be reached.", 0)
            return
        yield GaugeMetricFamily("letrics_store_up", "Whether the database can be reached.", 1)
        yield GaugeMetricFamily("letrics_log_seq", "The last change of the log.", last)
        yield GaugeMetricFamily("letrics_engine_lag", "Changes that searches do not take in yet.", max(0, last - seq))
        records = GaugeMetricFamily("letrics_records", "Records in the database.", labels=["kind"])
        records.add_metric(["companies"], counts.companies)
        records.add_metric(["contacts"], counts.contacts)
        yield records
