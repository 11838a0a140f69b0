"""`/explore/{kind}/export`: export of all matching records with an HTML form."""

from __future__ import annotations

from typing import Any, cast
from urllib.parse import quote

import msgspec
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Message, Receive, Scope, Send

from letrics.accounts.sessions import Session
from letrics.web.explorer.page_state import NAME, PageState
from letrics.web.explorer.path_kind import kind_of
from letrics.web.page import form, signed_in, site, visit


@signed_in
async def download(request: Request, session: Session) -> Response:
    """Stream the file with the visible columns, or with all fields if the form has `all`.

    Scripts request `/app/{kind}/export` directly, to show the progress.
    """
    kind = kind_of(request)
    state = PageState.of(kind, form(request).get("query").encode())
    ask = site(request).ask
    status, body = await ask("GET", f"/v1/{kind}?{state.search((), per_page='1')}", b"", session.principal)
    response = msgspec.json.decode(body)
    if status != 200:
        raise HTTPException(status, "; ".join(item["details"] for item in response["errors"]))
    columns = {} if form(request).get("all") else {"fields": [NAME[kind], *state.columns]}
    body = msgspec.json.encode({**response["meta"]["filters"], **columns})
    return cast("Response", _Forwarded(request, f"/app/{kind}/export", form(request).get("format", "csv"), body))


class _Forwarded:
    """Response that forwards a request to the API under `/app`, as if a script of the page had sent it."""

    def __init__(self, request: Request, path: str, format: str, body: bytes) -> None:
        kept = [(name, value) for name, value in request.scope["headers"] if name in (b"cookie", b"host")]
        token = visit(request).form_token.encode()
        self._body = body
        self._app = request.scope["app"]
        self._scope: Scope = {
            **{key: request.scope[key] for key in ("type", "http_version", "scheme", "server", "client")},
            "method": "POST",
            "path": path,
            "raw_path": path.encode(),
            "query_string": f"format={quote(format, safe='')}".encode(),
            "headers": [*kept, (b"content-type", b"application/json"), (b"x-csrf", token)],
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002
        """Stream the export. Raises HTTPException if it fails before the first byte, which becomes an error page."""
        sent = False
        failed: dict[str, Any] = {}

        async def ask() -> Message:
            nonlocal sent
            if not sent:
                sent = True
                return {"type": "http.request", "body": self._body, "more_body": False}
            return await receive()

        async def pass_on(message: Message) -> None:
            if message["type"] == "http.response.start":
                if message["status"] != 200:
                    failed.update(status=message["status"], body=b"")
                wanted = (b"content-type", b"content-disposition", b"cache-control")
                message = {**message, "headers": [pair for pair in message["headers"] if pair[0] in wanted]}
            if failed:
                failed["body"] += message.get("body", b"")
            else:
                await send(message)

        await self._app(self._scope, ask, pass_on)
        if failed:
            problems = msgspec.json.decode(failed["body"])["errors"]
            raise HTTPException(failed["status"], "; ".join(item["details"] for item in problems))
