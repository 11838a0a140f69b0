"""CORS: lets scripts of other sites use the API in a browser. Pages and their own requests are for this site alone.

Scripts send tokens in a header, so credentials (cookies) are never allowed.
"""

from __future__ import annotations

from collections.abc import Sequence

from starlette.datastructures import Headers
from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send


class Cors(CORSMiddleware):
    """Starlette's middleware, for requests of `origins` to the API. `*` is every origin.

    Requests of other origins get the same responses as without it, which scripts cannot read.
    """

    def __init__(self, app: ASGIApp, origins: Sequence[str]) -> None:
        exposed = (
            "X-Request-Id", "Retry-After", "RateLimit", "RateLimit-Policy", "Content-Disposition", "Location",
            "Idempotent-Replayed",
        )  # fmt: skip
        super().__init__(app, origins, ("*",), ("*",), expose_headers=exposed, max_age=3600)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        of_the_api = scope["type"] == "http" and (scope["path"] + "/").startswith(("/v1/", "/openapi.json/"))
        shared = of_the_api and self.is_allowed_origin(Headers(scope=scope).get("origin", ""))
        await (super().__call__ if shared else self.app)(scope, receive, send)
