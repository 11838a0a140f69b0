"""The endpoints for operators: liveness, readiness and metrics. They expose no record data."""

from __future__ import annotations

from letrics.api.backends import Backends
from letrics.api.call import Call
from letrics.api.metrics import MEDIA_TYPE, Metrics
from letrics.api.response import ApiResponse, Meta, success
from letrics.engines.base import EngineAway, EngineLoading
from letrics.errors import UNAVAILABLE, problem
from letrics.store.base import StoreReplaced


class Health:
    """The endpoints `/healthz`, `/readyz` and `/metrics`."""

    def __init__(self, backends: Backends, metrics: Metrics) -> None:
        self._backends = backends
        self._metrics = metrics

    async def alive(self, call: Call) -> ApiResponse:
        """Report that the process is alive."""
        return success(b'{"status":"alive"}', Meta(call.request_id))

    async def ready(self, call: Call) -> ApiResponse:
        """Report that the server is ready for searches.

        Raises LetricsError (unavailable) or the reason until the index is loaded, and StoreAway if a database cannot be
        read or is not the one that the index was built from.
        """
        engine, store = self._backends.engine, self._backends.store
        position = await engine.position()
        if position is None:
            reason = self._backends.why_loading()
            if isinstance(reason, EngineLoading):
                raise problem(UNAVAILABLE, "The index is loading: retry in a moment", Retry_After="1")
            if isinstance(reason, EngineAway):  # it names settings and versions, and anyone may ask
                raise problem(
                    UNAVAILABLE,
                    "The search engine is not available: its operator finds the reason in the log",
                    Retry_After="1",
                )
            raise reason
        if not await store.has_batch(position):
            raise StoreReplaced("the database is not the one that the index was built from")
        await self._backends.authenticator.check()
        return success(b'{"status":"ready"}', Meta(call.request_id))

    async def metrics(self, _: Call) -> ApiResponse:
        """Export the metrics for Prometheus."""
        return ApiResponse(await self._metrics.text(self._backends), media_type=MEDIA_TYPE)
