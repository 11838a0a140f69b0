"""Sends responses to the client, whole or as a stream."""

from __future__ import annotations

import asyncio
import logging
from typing import Final

from starlette.types import Receive, Send

from letrics.api.body import ClientGone
from letrics.api.call import Call
from letrics.api.failures import as_failure
from letrics.api.response import ApiResponse, headers_of
from letrics.errors import FORBIDDEN, problem

_log: Final = logging.getLogger("letrics.api")


class BrokenOff(Exception):
    """A response failed after it had begun. It stays incomplete, and the server closes the connection, so that the
    client knows that data is missing."""


async def send_response(response: ApiResponse, call: Call, send: Send) -> None:
    """Send a whole response. The server drops the body if the method is HEAD.

    Raises ClientGone and BrokenOff, after which nothing more can be sent.
    """
    start = {
        "type": "http.response.start",
        "status": response.status,
        "headers": headers_of(response, call.request_id),
    }
    if response.stream is None:
        await send(start)
        await send({"type": "http.response.body", "body": response.body})
        return
    gone = asyncio.ensure_future(_gone(call.receive))
    try:
        await send(start)
        await send({"type": "http.response.body", "body": response.body, "more_body": True})
        async for part in response.stream:
            if gone.done():
                raise ClientGone
            await _check_still_allowed(call)
            await send({"type": "http.response.body", "body": part, "more_body": True})
        await send({"type": "http.response.body", "body": b""})
    except ClientGone:
        raise
    except Exception as error:
        failed = as_failure(error, call)
        _log.error("the response of %s was aborted (request %s): %s", call.route, call.request_id, failed.kind.id)
        raise BrokenOff from None
    finally:
        gone.cancel()
        await response.stream.aclose()


async def _check_still_allowed(call: Call) -> None:
    """Raise LetricsError if, since the response began, the token was revoked, expired or lost the scope read, or the
    session ended."""
    if call.verify is not None and not (await call.verify()).may("read"):
        raise problem(FORBIDDEN, "The caller no longer has the scope read")


async def _gone(receive: Receive) -> None:
    """Wait until the client has closed the connection."""
    while (await receive())["type"] != "http.disconnect":
        pass
