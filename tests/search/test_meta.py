"""The `meta` of a search."""

from __future__ import annotations

import time

import msgspec
import pytest

from letrics.query import parse_request
from letrics.search import Page
from letrics.search.meta import search_meta

ORDER = ["page", "per_page", "total", "total_pages", "next_cursor", "filters", "places", "unmatched", "warnings",
         "took_ms"]  # fmt: skip


@pytest.mark.parametrize(("total", "pages"), [(0, 0), (1, 1), (25, 1), (26, 2)])
def test_meta_of_a_page_counts_pages(total: int, pages: int) -> None:
    request = parse_request("contacts", {"locations": ["Berlin"]})
    meta = search_meta(request, Page([], total, None, ()), time.perf_counter(), "id")
    assert (meta.page, meta.per_page, meta.total, meta.total_pages, meta.request_id) == (1, 25, total, pages, "id")
    assert [(place.field, place.value) for place in meta.places] == [("locations", "Berlin")]
    assert meta.took_ms >= 0


def test_meta_without_a_server_has_no_request_id() -> None:
    meta = search_meta(parse_request("contacts", {}), Page([], 0, None, ()), time.perf_counter())
    assert list(msgspec.json.decode(msgspec.json.encode(meta))) == ORDER
