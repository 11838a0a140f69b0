"""The endpoints `count` and `facets`: the number of matches of a search, and their number by value of a field."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from typing import Any, Final

import msgspec

from letrics.api.backends import Backends
from letrics.api.call import Call
from letrics.api.querystring import refuse_all
from letrics.api.request_fields import RequestFields
from letrics.api.response import ApiResponse, success
from letrics.budget import check_budget
from letrics.engines.base import Unmatched
from letrics.fields import Field, facet_fields
from letrics.query import Warning
from letrics.query.request_values import shown
from letrics.records import Kind
from letrics.search.meta import PlaceRead, count_meta, places_read, took_ms

MAX_FACET: Final = 100
"""The maximum of `facet_size`: values of one facet."""
DEFAULT_FACET: Final = 10
"""The number of values of one facet when `facet_size` is absent."""

_WHY: Final = "is in the query string: send it in the JSON body"
_encoder: Final = msgspec.json.Encoder()


class FacetsMeta(msgspec.Struct):
    """The `meta` of facets. `total` is the number of matches of the search."""

    request_id: str
    total: int
    facet_size: int
    filters: dict[str, Any]
    places: list[PlaceRead]
    unmatched: Sequence[Unmatched]
    warnings: tuple[Warning, ...]
    took_ms: float


class Count:
    """The endpoints `count` and `facets` of one kind of record."""

    def __init__(self, kind: Kind, backends: Backends) -> None:
        self.kind = kind
        self._search = backends.search
        self._known = {field.name: field for field in facet_fields(kind)}

    async def count(self, call: Call) -> ApiResponse:
        """Count the matches of a search."""
        sent = await RequestFields.by_post(call, refuse_all(call.query, _WHY))
        request = await sent.parse(self.kind, paging=False)
        found = await self._search.count(request.query)
        meta = count_meta(request, found, call.started, call.request_id)
        return success(b'{"total":%d}' % found.total, meta)

    async def facets(self, call: Call) -> ApiResponse:
        """List the most common values of some fields among the matches of a search."""
        sent = await RequestFields.by_post(call, refuse_all(call.query, _WHY))
        fields, size = self._fields(sent), _size(sent)
        request = await sent.parse(self.kind, paging=False, beside=("facets", "facet_size"))
        found = await self._search.facets(request.query, fields, size)
        meta = FacetsMeta(
            call.request_id,
            found.total,
            size,
            request.filters,
            places_read(request),
            found.unmatched,
            request.warnings,
            took_ms(call.started),
        )
        check_budget()
        data = {field.name: values for field, values in zip(fields, found.facets, strict=True)}
        return success(_encoder.encode(data), meta)

    def _fields(self, sent: RequestFields) -> list[Field]:
        """The fields to count. An invalid list is added to the problems of the request, and the result is empty."""
        names = sent.given.get("facets")
        known = ", ".join(self._known)
        if names is None or names == []:
            sent.problems["facets"] = f"facets is required: list one or more of {known}"
            return []
        if not isinstance(names, list):
            sent.problems["facets"] = f"facets {shown(names)} must be a list of field names; available are {known}"
            return []
        for position, name in enumerate(names):
            if not isinstance(name, str) or name not in self._known:
                near = difflib.get_close_matches(str(name)[:100].casefold(), self._known, 1, 0.6)
                hint = f"did you mean {near[0]}?" if near else f"available are {known}"
                sent.problems["facets"] = f"facets: {shown(name)} cannot be counted in searches of {self.kind}: {hint}"
                return []
            if name in names[:position]:
                sent.problems["facets"] = f"facets lists {name} twice: list it once"
                return []
        return [self._known[name] for name in names]


def _size(sent: RequestFields) -> int:
    size = sent.given.get("facet_size")
    if size is None:
        return DEFAULT_FACET
    if not isinstance(size, int) or isinstance(size, bool) or not 1 <= size <= MAX_FACET:
        sent.problems["facet_size"] = f"facet_size {shown(size)} must be a whole number from 1 to {MAX_FACET}"
        return DEFAULT_FACET
    return size
