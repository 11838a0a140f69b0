"""The ASGI application: the checks of a request, in order, each with the status of its failure.

The Host header (400). Under /v1: authentication (401), rate limit (429), URL length (414), path (404), method (405),
a place among the requests in progress (429, 503). Then the handler checks: record (404), scope (403), media type (415),
body size (413), values (400), search (503).
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from functools import partial
from typing import Any, Final

from starlette.routing import Router
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from letrics.api.auth import Buckets, authenticate
from letrics.api.backends import Backends
from letrics.api.body import ClientGone
from letrics.api.call import Call
from letrics.api.failures import as_failure
from letrics.api.fair_use import FairUse, Work
from letrics.api.hosts import Hosts
from letrics.api.idempotency import Idempotency
from letrics.api.internal_api import InternalApi
from letrics.api.metrics import Metrics
from letrics.api.rate_limit_fields import Quota, rate_limit_fields
from letrics.api.request_log import log_request
from letrics.api.response import ApiResponse, failure
from letrics.api.routes import Table
from letrics.api.security_events import RequestEvents
from letrics.api.sending import BrokenOff, send_response
from letrics.budget import spending
from letrics.errors import URI_TOO_LONG, problem
from letrics.logs.request_context import add_details, begin_request
from letrics.request_time import begin_waiting

_log: Final = logging.getLogger("letrics.application")

MAX_URL: Final = 16 * 1024
"""The maximum length of a URL's path and query string together, in bytes."""

_FLUSH_SECONDS: Final = 5.0
"""Seconds between two writes of the last-used times of tokens to the accounts database."""


class Application:
    """Dispatches requests: paths that the route table owns go to the API, all others to `pages`."""

    def __init__(
        self, table: Table, backends: Backends, metrics: Metrics, pages: ASGIApp | None = None,
        limiter: Buckets | None = None, on_stop: Callable[[], None] | None = None, internal: InternalApi | None = None,
        background: Callable[[], Coroutine[Any, Any, None]] | None = None, hosts: Hosts | None = None,
        on_start: Callable[[], Awaitable[None]] | None = None, idempotency: Idempotency | None = None,
        events: RequestEvents | None = None,
        fair: FairUse | None = None,
    ) -> None:  # fmt: skip
        """Create the application.

        Without a `limiter`, tokens have no rate limit. `background` is a task that runs while requests are served.
        `on_start` is awaited before the first request, and `on_stop` is called after the last. Without `hosts`, every
        Host header is accepted. Without `idempotency`, the header Idempotency-Key is ignored. Without `events`, there
        is no security log. Without `fair`, the limits of requests in progress are the defaults.
        """
        self._table = table
        self._backends = backends
        self._metrics = metrics
        self._pages = pages
        self._limiter = limiter or Buckets(0)
        self._on_stop = on_stop
        self._internal = internal
        self._background = background
        self._hosts = hosts
        self._on_start = on_start
        self._idempotency = idempotency
        self.events = events
        self._fair = fair or FairUse()
        metrics.states.in_progress = self._fair.in_progress

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await Router(lifespan=self._live)(scope, receive, send)
            return
        call = Call.of(scope, receive)
        context = begin_request(call.request_id)
        begin_waiting()
        status = 500
        try:
            if self._pages is not None and not self._owns(call) and call.url_length() <= MAX_URL:
                status = await self._page(self._pages, call, send)
            else:
                with Work(self._fair, call) as work, spending(work):
                    response = await self._respond(call, work)
                    status = response.status
                    await send_response(response, call, send)
        except ClientGone:
            status = 499
        except BrokenOff:
            status = 500
        seconds = time.perf_counter() - call.started
        self._metrics.count(call.route, call.method, status, seconds)
        log_request(call, status, seconds)
        if self.events is not None:
            self.events.record(call, status, context)

    def _owns(self, call: Call) -> bool:
        return self._table.owns(call.segments) or (self._internal is not None and self._internal.owns(call))

    async def _respond(self, call: Call, work: Work) -> ApiResponse:
        quotas: list[Quota] = []
        try:
            response = await self._run(call, work, quotas)
        except ClientGone:
            raise
        except Exception as error:
            self._metrics.count_failure(error)
            failed = as_failure(error, call)
            if failed.kind.code in (401, 403):
                add_details(reason=failed.problems[0].details.partition(":")[0])
            response = failure(failed, call.request_id)
        response.headers += rate_limit_fields([*quotas, *work.quotas()])
        return response

    async def _run(self, call: Call, work: Work, quotas: list[Quota]) -> ApiResponse:
        """Check a request and call its handler. Adds the rate of the caller to `quotas`."""
        self._check_host(call)
        if call.under_v1():
            call.verify = partial(authenticate, call, self._backends.authenticator)
            call.principal = await call.verify()
            quotas += self._limiter.quotas(call.principal.token_id)
            self._limiter.take(call.principal.token_id)
        elif self._internal is not None and self._internal.owns(call):
            await self._internal.admit(call)
        if call.url_length() > MAX_URL:
            details = f"The URL has at least {call.url_length():,} bytes; the limit is {MAX_URL:,}"
            raise problem(URI_TOO_LONG, f"{details}: send a POST request with the fields as a JSON body")
        operation = self._table.find(call)
        work.admit(operation.pool)
        if operation.writes and self._idempotency is not None:
            return await self._idempotency.run(call, operation.handler)
        return await operation.handler(call)

    async def _page(self, pages: ASGIApp, call: Call, send: Send) -> int:
        """Serve a request by `pages` and return the status.

        If `pages` fails before it sent anything, a browser gets an error page (`pages` is called again with
        `letrics.failure` in the scope) and any other client gets the error envelope.
        """
        call.route = "pages"
        scope = {**call.scope, "app": self, "letrics.request_id": call.request_id}
        call.page = scope
        status = 0

        async def named(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message.get("headers", ()), (b"x-request-id", call.request_id.encode())]
            await send(message)

        try:
            self._check_host(call)
            await pages(scope, call.receive, named)
        except Exception as error:
            reported = as_failure(error, call)
            if status:
                raise
            if any(b"text/html" in value for value in call.header(b"accept")):
                try:
                    await pages({**scope, "letrics.failure": reported}, call.receive, named)
                    return status
                except Exception as worse:
                    as_failure(worse, call)
                    if status:
                        raise
            response = failure(reported, call.request_id)
            await send_response(response, call, send)
            return response.status
        return status

    def _check_host(self, call: Call) -> None:
        """Raise LetricsError (invalid_input) if the Host header is not accepted. Static files are exempt: the error
        page needs its style sheets."""
        if self._hosts is not None and (call.segments or ("",))[0] != "static":
            self._hosts.check(call)

    @asynccontextmanager
    async def _live(self, _: Any) -> AsyncIterator[None]:
        if self._on_start is not None:
            await self._on_start()
        tasks = [asyncio.create_task(self._flush_for_ever())]
        if self._background is not None:
            tasks.append(asyncio.create_task(self._background()))
        for task in tasks:
            task.add_done_callback(_log_failure)
        yield
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._flush()
        if self._on_stop is not None:
            await asyncio.to_thread(self._on_stop)

    async def _flush_for_ever(self) -> None:
        while True:
            await asyncio.sleep(_FLUSH_SECONDS)
            await self._flush()
            if self.events is not None:
                await asyncio.to_thread(self.events.log.flush)

    async def _flush(self) -> None:
        if self._backends.last_used is not None:
            try:
                await asyncio.to_thread(self._backends.last_used.flush)
            except Exception:
                _log.exception("writing when tokens were last used failed")


def _log_failure(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and (error := task.exception()) is not None:
        _log.error("a background task failed", exc_info=error)
