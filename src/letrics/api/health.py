"""The paths for whoever runs the service: is it alive, can it answer, how does it do. No record data."""

from __future__ import annotations

from letrics.api.answer import Answer, Meta, success
from letrics.api.backends import Backends
from letrics.api.call import Call
from letrics.api.metrics import MEDIA_TYPE, Metrics
from letrics.errors import UNAVAILABLE, problem


class Health:
    """`/healthz`, `/readyz` and `/metrics`."""

    def __init__(self, backends: Backends, metrics: Metrics) -> None:
        self._backends = backends
        self._metrics = metrics

    async def alive(self, call: Call) -> Answer:
        """The process answers."""
        return success(b'{"status":"alive"}', Meta(call.request_id))

    async def ready(self, call: Call) -> Answer:
        """Searches can be answered. Raises LetricsError (unavailable) until the index is loaded, and StoreAway."""
        if not self._backends.engine.ready():
            raise problem(UNAVAILABLE, "The index is loading: come back in a moment", Retry_After="1")
        self._backends.store.position()
        return success(b'{"status":"ready"}', Meta(call.request_id))

    async def metrics(self, _: Call) -> Answer:
        """The measurements, for Prometheus."""
        return Answer(self._metrics.text(self._backends), media_type=MEDIA_TYPE)
