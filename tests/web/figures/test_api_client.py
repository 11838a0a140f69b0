"""The client of the API in this process."""

from __future__ import annotations

import asyncio

import pytest

from letrics.accounts.principal import Principal
from letrics.errors import UNAVAILABLE, LetricsError
from letrics.web.figures.api_client import ApiClient

SOMEBODY = Principal(1, 0, frozenset({"read"}))


def test_a_failure_of_the_api_is_raised_as_it_is() -> None:
    async def ask(method: str, path: str, body: bytes, principal: Principal) -> tuple[int, bytes]:
        return 503, b'{"data": null, "errors": [{"id": "unavailable", "code": 503, "details": "The index is loading"}]}'

    with pytest.raises(LetricsError, match="The index is loading") as raised:
        asyncio.run(ApiClient(ask, SOMEBODY).count("contacts"))
    assert raised.value.kind is UNAVAILABLE
    assert raised.value.headers["Retry-After"] == "1"
