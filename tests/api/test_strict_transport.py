"""HSTS: on every response over HTTPS, and on none over plain HTTP."""

from __future__ import annotations

import asyncio

import pytest
from starlette.types import Message, Receive, Scope, Send

from letrics.api.strict_transport import StrictTransport


async def plain(scope: Scope, receive: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 404, "headers": [(b"x", b"1")]})
    await send({"type": "http.response.body", "body": b""})


@pytest.mark.parametrize(("https", "scheme", "is_sent"), [(True, "http", True), (False, "https", True),
                                                          (False, "http", False)])  # fmt: skip
def test_header_is_sent_over_https_alone(https: bool, scheme: str, is_sent: bool) -> None:
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request"}

    async def send(message: Message) -> None:
        sent.append(message)

    asyncio.run(StrictTransport(plain, https=https)({"type": "http", "scheme": scheme}, receive, send))
    headers = dict(sent[0]["headers"])
    assert headers[b"x"] == b"1"
    assert headers.get(b"strict-transport-security") == (b"max-age=31536000" if is_sent else None)
