"""A client that calls an ASGI application in-process, with the same messages as a server sends."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, unquote, urlencode

from starlette.types import ASGIApp, Message


@dataclass
class Reply:
    """A response. Header names are lower-case; values of a repeated header are joined by a comma."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def ids(self) -> list[str]:
        """The ids of the records of a page."""
        return [record["id"] for record in self.json["data"]]

    @property
    def errors(self) -> list[dict[str, Any]]:
        items: list[dict[str, Any]] = self.json["errors"]
        return items


class Caller:
    """Calls `app` with `token`, unless a call sets another. `read` counts the body parts that the app received; `whole`
    says whether the last response was complete."""

    def __init__(self, app: ASGIApp, loop: asyncio.AbstractEventLoop, token: str | None = None) -> None:
        self.app = app
        self.loop = loop
        self.token = token
        self.read = 0
        self.whole = True

    def call(
        self, method: str, target: str, body: bytes | Iterable[bytes] = b"", headers: Mapping[str, str] | None = None,
        token: str | None = "", more: Iterable[tuple[str, str]] = (), leave_after: int = 1 << 60,
    ) -> Reply:  # fmt: skip
        """`target` is the raw path and query. A body of several parts is sent in chunks. The caller disconnects
        after `leave_after` bytes of the response."""
        return self.loop.run_until_complete(self.ask(method, target, body, headers, token, more, leave_after))

    async def ask(
        self, method: str, target: str, body: bytes | Iterable[bytes] = b"", headers: Mapping[str, str] | None = None,
        token: str | None = "", more: Iterable[tuple[str, str]] = (), leave_after: int = 1 << 60,
    ) -> Reply:  # fmt: skip
        """The same in the running loop. A caller makes one call at a time."""
        path, _, query = target.partition("?")
        sent = [(k.lower().encode(), v.encode("latin-1")) for k, v in [*(headers or {}).items(), *more]]
        token = self.token if token == "" else token
        if token is not None:
            sent.append((b"authorization", f"Bearer {token}".encode()))
        parts = [body] if isinstance(body, bytes) else list(body)
        if isinstance(body, bytes) and body:
            sent.append((b"content-length", str(len(body)).encode()))
        elif not isinstance(body, bytes):
            sent.append((b"transfer-encoding", b"chunked"))
        scope = {
            "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": method, "scheme": "http",
            "path": unquote(path), "raw_path": path.encode("latin-1"), "query_string": query.encode("latin-1"),
            "root_path": "", "headers": sent, "client": ("127.0.0.1", 5), "server": ("127.0.0.1", 80),
        }  # fmt: skip
        return await self._run(scope, parts, leave_after)

    async def _run(self, scope: dict[str, Any], parts: list[bytes], leave_after: int) -> Reply:
        sent: list[Message] = []
        self.read = 0
        gone = asyncio.Event()

        async def receive() -> Message:
            if self.read >= len(parts):
                if parts:
                    await gone.wait()
                return {"type": "http.disconnect"}
            self.read += 1
            return {"type": "http.request", "body": parts[self.read - 1], "more_body": self.read < len(parts)}

        async def send(message: Message) -> None:
            sent.append(message)
            if sum(len(message.get("body", b"")) for message in sent) >= leave_after:
                gone.set()
                await asyncio.sleep(0)

        await self.app(scope, receive, send)
        self.whole = bool(sent) and sent[-1]["type"] == "http.response.body" and not sent[-1].get("more_body", False)
        if not sent:
            return Reply(0, {}, b"")
        headers: dict[str, str] = {}
        for name, value in sent[0]["headers"]:
            key = name.decode()
            headers[key] = f"{headers[key]}, {value.decode()}" if key in headers else value.decode()
        body = b"".join(message.get("body", b"") for message in sent[1:])
        return Reply(sent[0]["status"], headers, b"" if scope["method"] == "HEAD" else body)  # as a server does

    def get(self, target: str, **rest: Any) -> Reply:
        return self.call("GET", target, **rest)

    def post(self, target: str, body: object = None, **rest: Any) -> Reply:
        """`body` is sent as JSON; bytes are sent unchanged."""
        data = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        return self.call("POST", target, data, **rest)

    def search(self, method: str, kind: str, body: Mapping[str, object]) -> Reply:
        """Run the same search by POST or by GET."""
        if method == "POST":
            return self.post(f"/v1/{kind}", dict(body))
        return self.get(f"/v1/{kind}?{query_string(body)}")


def query_string(body: Mapping[str, object]) -> str:
    pairs: list[tuple[str, str]] = []
    for name, value in body.items():
        for item in value if isinstance(value, list) else [value]:
            pairs.append((name, {True: "true", False: "false"}[item] if isinstance(item, bool) else str(item)))
    return urlencode(pairs, quote_via=quote)
