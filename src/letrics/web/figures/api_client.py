"""Client for the API in this process. Each response is what an HTTP client with a token gets."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

import msgspec

from letrics.accounts.principal import Principal
from letrics.errors import INTERNAL_ERROR, TABLE, LetricsError
from letrics.records import Kind
from letrics.web.site import Ask

Value = tuple[str, int]
"""A value of a field, and the number of records that have it."""

_KINDS: Final = {kind.id: kind for kind in TABLE}
"""Error kinds by id."""

_SAMPLE: Final = re.compile(r"^(letrics_[a-z_]+) ([0-9.e+]+)$", re.MULTILINE)
"""A metric without labels in the Prometheus text format: name and value."""


class ApiClient:
    """API client with the rights of one user. Every method raises LetricsError if the API returns an error."""

    def __init__(self, ask: Ask, principal: Principal) -> None:
        self._ask = ask
        self._principal = principal

    async def count(self, kind: Kind, **filters: object) -> int:
        """Return the number of records of a kind that match the filters."""
        response = await self._post(f"/v1/{kind}/count", filters)
        return int(response["data"]["total"])

    async def facets(self, kind: Kind, fields: Sequence[str], size: int) -> dict[str, list[Value]]:
        """Return the `size` most common values of each field among all records of a kind."""
        response = await self._post(f"/v1/{kind}/facets", {"facets": list(fields), "facet_size": size})
        return {name: [(item["value"], int(item["count"])) for item in response["data"][name]] for name in fields}

    async def measured(self) -> dict[str, float]:
        """Return the metrics without labels, by name."""
        status, body = await self._ask("GET", "/metrics", b"", self._principal)
        return {name: float(value) for name, value in _SAMPLE.findall(body.decode())} if status == 200 else {}

    async def _post(self, path: str, body: Mapping[str, object]) -> dict[str, Any]:
        status, data = await self._ask("POST", path, msgspec.json.encode(body), self._principal)
        response: dict[str, Any] = msgspec.json.decode(data)
        if status != 200:
            problems = response["errors"]
            kind = _KINDS.get(problems[0]["id"], INTERNAL_ERROR)
            headers = {"Retry-After": "1"} if status == 503 else {}
            raise LetricsError(kind, [(item["details"], item.get("field")) for item in problems], headers)
        return response
