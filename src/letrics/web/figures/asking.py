"""The API asked from within: each answer is what a program with a token would get."""

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
"""A value of a field, and how many records carry it."""

_KINDS: Final = {kind.id: kind for kind in TABLE}
_SAMPLE: Final = re.compile(r"^(letrics_[a-z_]+) ([0-9.e+]+)$", re.MULTILINE)


class Asking:
    """Asks for one person. Every method raises the LetricsError that the API answers with."""

    def __init__(self, ask: Ask, principal: Principal) -> None:
        self._ask = ask
        self._principal = principal

    async def count(self, kind: Kind, **filters: object) -> int:
        """How many records of a kind the filters find."""
        answer = await self._post(f"/v1/{kind}/count", filters)
        return int(answer["data"]["total"])

    async def facets(self, kind: Kind, fields: Sequence[str], size: int) -> dict[str, list[Value]]:
        """The `size` commonest values of each field, over all records of a kind."""
        answer = await self._post(f"/v1/{kind}/facets", {"facets": list(fields), "facet_size": size})
        return {name: [(item["value"], int(item["count"])) for item in answer["data"][name]] for name in fields}

    async def measured(self) -> dict[str, float]:
        """The measurements without labels, by name."""
        status, body = await self._ask("GET", "/metrics", b"", self._principal)
        return {name: float(value) for name, value in _SAMPLE.findall(body.decode())} if status == 200 else {}

    async def _post(self, path: str, body: Mapping[str, object]) -> dict[str, Any]:
        status, data = await self._ask("POST", path, msgspec.json.encode(body), self._principal)
        answer: dict[str, Any] = msgspec.json.decode(data)
        if status != 200:
            problems = answer["errors"]
            kind = _KINDS.get(problems[0]["id"], INTERNAL_ERROR)
            headers = {"Retry-After": "1"} if status == 503 else {}
            raise LetricsError(kind, [(item["details"], item.get("field")) for item in problems], headers)
        return answer
