"""Internal access to the API: for the scripts of our own pages under `/app`, and for pages rendered in this process.

`/app/contacts` is `/v1/contacts` for a signed-in user: the same handlers and the same envelope, authenticated by the
session cookie instead of a token. `/v1` itself ignores cookies. A request other than GET or HEAD needs the header
`X-CSRF` with the form token, and must come from this site.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from typing import Final

from starlette.types import Message

from letrics.accounts.authenticator import Authenticator
from letrics.accounts.browser import SAFE_METHODS, cookie, form_token_matches, from_elsewhere, session_cookie
from letrics.accounts.principal import Principal
from letrics.api.call import Call
from letrics.api.failures import as_failure
from letrics.api.fair_use import FairUse, Work
from letrics.api.response import failure
from letrics.api.routes import Table
from letrics.budget import spending
from letrics.errors import FORBIDDEN, UNAUTHORIZED, problem

_FOR_EVER: Final = 86_400.0
"""Seconds between two checks for a further part of a body that has been received: there is none."""


class InternalApi:
    """Calls the API handlers for `/app` requests and for rendered pages. `https` is the setting of that name."""

    def __init__(
        self, table: Table, authenticator: Authenticator, *, https: bool = False, fair: FairUse | None = None,
        on_failure: Callable[[Exception], None] = lambda _: None,
    ) -> None:  # fmt: skip
        """Without `fair`, the limits of requests in progress are the defaults. `on_failure` gets the failures of calls
        of pages."""
        self._table: Final = table
        self._authenticator: Final = authenticator
        self._https: Final = https
        self._fair: Final = fair or FairUse()
        self._on_failure: Final = on_failure

    def owns(self, call: Call) -> bool:
        """Whether the path is under `/app`."""
        return call.segments is not None and call.segments[0] == "app"

    async def admit(self, call: Call) -> None:
        """Rewrite a call under `/app` to one under `/v1`, with the session's principal.

        Raises LetricsError (unauthorized, forbidden), and StoreAway if the accounts database is unavailable.
        """
        headers = call.scope["headers"]
        secure = self._https or call.scope["scheme"] == "https"
        secret = cookie(headers, session_cookie(secure))
        call.verify = partial(self._principal, secret)
        call.principal = await call.verify()
        if call.method not in SAFE_METHODS:
            given = b"".join(call.header(b"x-csrf")).decode("latin-1")
            if from_elsewhere(headers) is not None or not form_token_matches(secret, given):
                raise problem(FORBIDDEN, "The request does not come from a page of this site: reload the page")
        assert call.segments is not None
        call.segments = ("v1", *call.segments[1:])

    async def _principal(self, secret: str) -> Principal:
        session = await self._authenticator.find_session(secret) if secret else None
        if session is None:
            raise problem(UNAUTHORIZED, "You are not signed in: sign in at /signin")
        return session.principal

    async def ask(self, method: str, path: str, body: bytes, principal: Principal) -> tuple[int, bytes]:
        """Call an API handler in this process; returns the status and the body. `path` may have a query string."""

        parts = [body]

        async def receive() -> Message:
            while not parts:
                await asyncio.sleep(_FOR_EVER)
            return {"type": "http.request", "body": parts.pop(), "more_body": False}

        raw, _, query = path.partition("?")
        headers = [(b"content-type", b"application/json")] if body else []
        scope = {"type": "http", "method": method, "path": raw, "raw_path": raw.encode(), "headers": headers,
                 "query_string": query.encode()}  # fmt: skip
        call = Call.of(scope, receive)
        call.principal = principal
        with Work(self._fair, call) as work, spending(work):
            try:
                operation = self._table.find(call)
                work.admit(operation.pool)
                response = await operation.handler(call)
            except Exception as error:
                self._on_failure(error)
                response = failure(as_failure(error, call), call.request_id)
        return response.status, response.body
