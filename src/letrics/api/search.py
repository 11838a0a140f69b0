"""The search endpoints: parse a request, find its matches, and join their documents into a page.

Documents are passed on as bytes from the store to the client; no record is decoded here.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

import msgspec

from letrics.api.backends import Backends
from letrics.api.call import Call
from letrics.api.querystring import read_search, refuse_all
from letrics.api.request_fields import RequestFields
from letrics.api.response import ApiResponse, success
from letrics.engines.base import SearchRequest, SearchResult, Unmatched, Window
from letrics.errors import INVALID_INPUT, problem
from letrics.normalize.place import ReadAs
from letrics.query import Request, Warning
from letrics.query.cursor import encode_cursor
from letrics.records import Kind, cut_down

_MOST_REFILLS: Final = 10
"""The most searches that fill up one page: a malformed company takes all of its contacts out of pages."""


class PlaceRead(msgspec.Struct):
    """How one location of the request was interpreted."""

    field: str
    value: str
    read_as: tuple[ReadAs, ...]


def places_read(request: Request) -> list[PlaceRead]:
    return [PlaceRead(field, value, reading.read_as) for field, value, reading in request.readings]


def took_ms(call: Call) -> float:
    """Milliseconds since the request arrived."""
    return round((time.perf_counter() - call.started) * 1000, 2)


class SearchMeta(msgspec.Struct):
    """The `meta` of a search. Fields are sent in this order."""

    request_id: str
    page: int | None
    per_page: int
    total: int
    total_pages: int | None
    next_cursor: str | None
    filters: dict[str, Any]
    places: list[PlaceRead]
    unmatched: Sequence[Unmatched]
    warnings: tuple[Warning, ...]
    took_ms: float


class Search:
    """The search endpoints of one kind of record, by `POST` and by `GET`."""

    def __init__(self, kind: Kind, backends: Backends) -> None:
        self.kind = kind
        self._engine = backends.engine
        self._store = backends.store

    async def post(self, call: Call) -> ApiResponse:
        """Run a search given as a JSON body."""
        problems = refuse_all(call.query, "is in the query string: in a POST search, send it in the JSON body")
        fields = await RequestFields.by_post(call, problems)
        return await self._answer(call, await fields.parse(self.kind))

    async def get(self, call: Call) -> ApiResponse:
        """Run a search given as a query string."""
        if any(value.strip() != b"0" for value in call.header(b"content-length")) or call.header(b"transfer-encoding"):
            details = "A GET search must not have a body: use the query string, or send the body by POST"
            raise problem(INVALID_INPUT, details)
        given, problems = read_search(self.kind, call.query)
        return await self._answer(call, await RequestFields(given, problems).parse(self.kind))

    async def _answer(self, call: Call, request: Request) -> ApiResponse:
        hits, documents = await self._page(request)
        cursor = encode_cursor(request.query, request.order, hits.nums[-1]) if hits.more and hits.nums else None
        meta = SearchMeta(
            call.request_id,
            request.page,
            request.per_page,
            hits.total,
            None if request.page is None else -(-hits.total // request.per_page),
            cursor,
            request.filters,
            places_read(request),
            hits.unmatched,
            request.warnings,
            took_ms(call),
        )
        if request.members is not None:
            documents = [cut_down(document, request.members) for document in documents]
        return success(b"[%s]" % b",".join(documents), meta)

    async def _page(self, request: Request) -> tuple[SearchResult, list[bytes]]:
        """The matches of a page and their documents. A match deleted or damaged since it was indexed is replaced by the
        next one. If that would take more than `_MOST_REFILLS` searches, the page is shorter."""
        size = request.per_page
        offset = 0 if request.page is None else (request.page - 1) * size
        window = Window(request.order, offset, request.after, size)
        first = hits = await self._engine.search(SearchRequest(request.query, window, unmatched=True))
        documents: list[bytes] = []
        refills = 0
        while True:
            found = self._store.documents(self.kind, hits.nums, hits.position) if hits.nums else []
            documents += [document for document in found if document is not None]
            missing = size - len(documents)
            if not missing or not hits.more or refills == _MOST_REFILLS:
                return (first if hits is first else replace(first, nums=hits.nums, more=hits.more)), documents
            refills += 1
            window = Window(request.order, 0, hits.nums[-1], missing)
            hits = await self._engine.search(SearchRequest(request.query, window))
