"""Request objects without a server."""

from __future__ import annotations

from collections.abc import Iterable

from starlette.types import Message

from letrics.api.call import Call


def make_call(
    target: str = "/", *, method: str = "GET", headers: Iterable[tuple[bytes, bytes]] = (), body: Iterable[bytes] = ()
) -> Call:
    """A request with this raw path and query. `body` has the parts that are received, then the client disconnects."""
    parts = list(body)

    async def receive() -> Message:
        if not parts:
            return {"type": "http.disconnect"}
        return {"type": "http.request", "body": parts.pop(0), "more_body": bool(parts)}

    path, _, query = target.partition("?")
    scope = {
        "type": "http", "method": method, "path": path, "raw_path": path.encode(), "query_string": query.encode(),
        "headers": list(headers),
    }  # fmt: skip
    return Call.of(scope, receive)
