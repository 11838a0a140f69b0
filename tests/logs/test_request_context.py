"""The current request."""

from __future__ import annotations

import asyncio
import contextvars

from letrics.logs.request_context import add_details, begin_request, current_request_id


def test_add_details_reaches_the_request_from_a_thread() -> None:
    async def serve() -> dict[str, object]:
        request = begin_request("a")
        await asyncio.to_thread(add_details, token=3)
        return request.details

    assert asyncio.run(serve()) == {"token": 3}


def test_add_details_outside_requests_does_nothing() -> None:
    def outside() -> str | None:
        add_details(token=3)
        return current_request_id()

    assert contextvars.Context().run(outside) is None
