"""The paths for whoever runs the service: is it alive, can it answer, how does it do. No record data."""

from __future__ import annotations

from letrics.api.answer import Answer, Meta, success
from letrics.api.backends import Backends
from letrics.api.call import Call
from letrics.api.metrics import MEDIA_TYPE, Metrics
from letrics.errors import UNAVAILABLE, problem
from letrics.store.base import StoreReplaced


class Health:
    """`/healthz`, `/readyz` and `/metrics`."""

    def __init__(self, backends: Backends, metrics: Metrics) -> None:
        self._backends = backends
        self._metrics = metrics

    async def alive(self, call: Call) -> Answer:
        """The process answers."""
        return success(b'{"status":"alive"}', Meta(call.request_id))

    async def ready(self, call: Call) -> Answer:
        """Searches can be answered. Raises LetricsError (unavailable) until the index is loaded, and StoreAway where
        the log or the accounts cannot be read, or the log is not the one that the index is of."""
        engine, store = self._backends.engine, self._backends.store
        position = engine.position()
        if position is None or not engine.ready():
            raise problem(UNAVAILABLE, "The index is loading: come back in a moment", Retry_After="1")
        if not store.has_batch(position):
            raise StoreReplaced("the database is not the one that the index was made from")
        self._backends.verifier.check()
        return success(b'{"status":"ready"}', Meta(call.request_id))

    async def metrics(self, _: Call) -> Answer:
        """The measurements, for Prometheus."""
        return Answer(self._metrics.text(self._backends), media_type=MEDIA_TYPE)
