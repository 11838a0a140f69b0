"""CORS: lets scripts of other sites use the API in a browser. Pages and their own requests are for this site alone.

Scripts send tokens in a header, so credentials (cookies) are never allowed.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence

from starlette.datastructures import Headers
from starlette.middleware.cors import CORSMiddleware
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from letrics.api.response import failure
from letrics.errors import INVALID_INPUT, problem


class Cors(CORSMiddleware):
    """Starlette's middleware, for the API alone. `origins` are such as `https://crm.example`; `*` is every origin."""

    def __init__(self, app: ASGIApp, origins: Sequence[str]) -> None:
        super().__init__(
            app,
            allow_origins=origins,
            allow_methods=("GET", "HEAD", "POST", "DELETE"),
            allow_headers=("Authorization", "Content-Type", "X-Request-Id"),
            expose_headers=("X-Request-Id", "Retry-After", "Content-Disposition"),
            max_age=3600,
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        of_the_api = scope["type"] == "http" and (scope["path"] + "/").startswith(("/v1/", "/openapi.json/"))
        await (super().__call__ if of_the_api else self.app)(scope, receive, send)

    def preflight_response(self, request_headers: Headers) -> Response:
        response = super().preflight_response(request_headers)
        if response.status_code == 400:
            request_id = secrets.token_hex(16)
            error = problem(INVALID_INPUT, f"{bytes(response.body).decode()}: see the setting cors_origins")
            headers = {name: value for name, value in response.headers.items() if not name.startswith("content-")}
            refused = failure(error, request_id)
            return Response(refused.body, 400, {**headers, "x-request-id": request_id}, "application/json")
        return response
