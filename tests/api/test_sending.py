"""Streamed responses are aborted when the caller loses the scope read."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncGenerator, Awaitable, Callable
from unittest.mock import AsyncMock

import pytest
from starlette.types import Message

from letrics.accounts.principal import Principal
from letrics.accounts.verifier import refusal
from letrics.api.call import Call
from letrics.api.response import ApiResponse
from letrics.api.sending import BrokenOff, send_response
from tests.api.caller import Caller

EVERYWHERE = ["/v1/contacts", "/v1/contacts/ann", "/v1/nothing", "/healthz", "/readyz", "/metrics", "/openapi.json",
              "/docs", "/static/docs.css", "/", "/nothing"]  # fmt: skip

READER = Principal(1, 1, frozenset({"read"}))


async def parts() -> AsyncGenerator[bytes, None]:
    for part in (b"two", b"three", b"four"):
        yield part


def sent(loop: asyncio.AbstractEventLoop, verify: Callable[[], Awaitable[Principal]]) -> list[Message]:
    """The messages of a response with four parts. The last one says whether it is complete."""
    messages: list[Message] = []

    async def receive() -> Message:
        await asyncio.Event().wait()
        raise AssertionError

    async def send(message: Message) -> None:
        messages.append(message)

    call = Call.of({"headers": [], "method": "GET", "path": "/", "query_string": b""}, receive)
    call.verify = verify
    try:
        loop.run_until_complete(send_response(ApiResponse(b"one", stream=parts()), call, send))
    except BrokenOff:
        assert messages[-1]["more_body"]
    return messages


def test_send_answer_valid_caller_gets_all_parts(loop: asyncio.AbstractEventLoop) -> None:
    messages = sent(loop, AsyncMock(return_value=READER))
    assert b"".join(message.get("body", b"") for message in messages) == b"onetwothreefour"
    assert not messages[-1].get("more_body", False)


@pytest.mark.parametrize("after", [0, 1, 2])
@pytest.mark.parametrize("lost", ["token", "scope"])
def test_send_answer_refused_caller_is_cut_off(loop: asyncio.AbstractEventLoop, after: int, lost: str) -> None:
    asked = 0

    async def verify() -> Principal:
        nonlocal asked
        asked += 1
        if asked <= after:
            return READER
        if lost == "token":
            raise refusal("The token was revoked")
        return Principal(1, 1, frozenset())

    messages = sent(loop, verify)
    assert [message["body"] for message in messages[1:]] == [b"one", b"two", b"three"][: after + 1]
    assert messages[-1]["more_body"]


@pytest.mark.parametrize("target", EVERYWHERE)
@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_headers_of_every_response(api: Caller, target: str, method: str) -> None:
    reply = api.call(method, target)
    assert re.fullmatch(r"[0-9a-f]{32}", reply.headers["x-request-id"])
    assert reply.headers["x-content-type-options"] == "nosniff"
    assert reply.headers["content-security-policy"].startswith("default-src 'none'")
    assert "access-control-allow-origin" not in reply.headers
