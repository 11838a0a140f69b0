"""The `meta` of a search or count: how the request was read, and where a page lies among all matches."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

import msgspec
from msgspec import UNSET, UnsetType

from letrics.engines.base import SearchResult, Unmatched
from letrics.normalize.place import ReadAs
from letrics.query import Request, Warning
from letrics.search.service import Page


class PlaceRead(msgspec.Struct):
    """How one location of the request was interpreted."""

    field: str
    value: str
    read_as: tuple[ReadAs, ...]


class SearchMeta(msgspec.Struct):
    """The `meta` of a search. Fields are sent in this order. Without a server there is no `request_id`."""

    request_id: str | UnsetType
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


class CountMeta(msgspec.Struct):
    """The `meta` of a count. Fields are sent in this order. Without a server there is no `request_id`."""

    request_id: str | UnsetType
    filters: dict[str, Any]
    places: list[PlaceRead]
    unmatched: Sequence[Unmatched]
    warnings: tuple[Warning, ...]
    took_ms: float


def search_meta(request: Request, page: Page, started: float, request_id: str | UnsetType = UNSET) -> SearchMeta:
    """The `meta` of a page. `started` is the `time.perf_counter` at which the request arrived."""
    return SearchMeta(
        request_id,
        request.page,
        request.per_page,
        page.total,
        None if request.page is None else -(-page.total // request.per_page),
        page.next_cursor,
        request.filters,
        places_read(request),
        page.unmatched,
        request.warnings,
        took_ms(started),
    )


def count_meta(request: Request, found: SearchResult, started: float, request_id: str | UnsetType = UNSET) -> CountMeta:
    """The `meta` of a count. `started` is the `time.perf_counter` at which the request arrived."""
    places = places_read(request)
    return CountMeta(request_id, request.filters, places, found.unmatched, request.warnings, took_ms(started))


def places_read(request: Request) -> list[PlaceRead]:
    return [PlaceRead(field, value, reading.read_as) for field, value, reading in request.readings]


def took_ms(started: float) -> float:
    """Milliseconds since `started`, a `time.perf_counter`."""
    return round((time.perf_counter() - started) * 1000, 2)
