"""Pages, totals and walks over an engine and documents that change between two calls."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any, cast

import pytest

from letrics.engines.base import SearchEngine, SearchRequest, SearchResult
from letrics.query import parse_request
from letrics.query.clauses import Order
from letrics.query.cursor import decode_cursor
from letrics.records import Company, Kind, encode
from letrics.search import SearchService, WalkSizes
from letrics.store.base import Documents, FoundDocuments, Position, StoreReplaced


class Engine:
    """Finds all nums below `count`. `requests` has what it was asked."""

    def __init__(self, count: int) -> None:
        self.count = count
        self.log = "log"
        self.requests: list[SearchRequest] = []

    async def search(self, request: SearchRequest) -> SearchResult:
        self.requests.append(request)
        window = request.window
        nums = list(range(self.count)) if window.order == "oldest" else list(range(self.count))[::-1]
        if window.after is not None:
            nums = nums[nums.index(window.after) + 1 :]
        nums = nums[window.offset :]
        found = nums[: window.size]
        return SearchResult(self.count, found, len(nums) > window.size, Position(self.log, 1, "batch"))


class Stored:
    """Has a document for each num but those in `missing`. Those in `changed` changed since they were found."""

    def __init__(self) -> None:
        self.missing: set[int] = set()
        self.changed: dict[int, bytes] = {}
        self.reads: list[list[int]] = []
        self.document = b"%d"

    async def found_documents(self, kind: Kind, nums: Sequence[int], found_at: Position | None) -> FoundDocuments:
        self.reads.append(list(nums))
        documents = [None if num in self.missing else self.changed.get(num, self.document % num) for num in nums]
        return FoundDocuments(documents, [at for at, num in enumerate(nums) if num in self.changed])


def company(num: int, industry: str) -> bytes:
    domain, now = f"{num}.example", "2026-01-01T00:00:00.000Z"
    return encode(
        Company(id=domain, domain=domain, industries=(industry,), first_seen_at=now, added_at=now, updated_at=now)
    )


def made(count: int) -> tuple[SearchService, Engine, Stored]:
    engine, stored = Engine(count), Stored()
    return SearchService(cast("SearchEngine", engine), cast("Documents", stored)), engine, stored


@pytest.mark.parametrize("order", ["oldest", "newest"])
def test_page_replaces_deleted_matches_by_the_next(order: Order) -> None:
    service, engine, stored = made(10)
    stored.missing = {1, 2, 4, 8}
    request = parse_request("companies", {"per_page": 3, "order": order})
    page = asyncio.run(service.page(request))
    assert page.documents == ([b"0", b"3", b"5"] if order == "oldest" else [b"9", b"7", b"6"])
    assert page.total == 10 and page.next_cursor is not None
    assert decode_cursor(page.next_cursor, request.query, order) == (5 if order == "oldest" else 6)
    assert [asked.unmatched for asked in engine.requests] == [True] + [False] * (len(engine.requests) - 1)


def test_page_leaves_out_what_changed_and_matches_no_more() -> None:
    service, _, stored = made(30)
    stored.missing = {4}
    stored.changed = {num: company(num, "Retail" if num in (1, 2, 25) else "Software") for num in range(1, 28)}
    request = parse_request("companies", {"per_page": 3, "industries": ["retail"]})
    page = asyncio.run(service.page(request))
    assert page.documents == [b"0", stored.changed[1], stored.changed[2]] and page.next_cursor is not None
    request = parse_request("companies", {"per_page": 3, "industries": ["retail"], "cursor": page.next_cursor})
    page = asyncio.run(service.page(request))
    assert page.documents == [stored.changed[25], b"28", b"29"] and (page.total, page.next_cursor) == (30, None)


def test_page_cursor_is_after_the_last_record_of_a_refill() -> None:
    service, _, stored = made(200)
    stored.missing = set(range(10, 60)) - {55}
    seen, body = list[bytes](), dict[str, Any]({"per_page": 10})
    while True:
        page = asyncio.run(service.page(parse_request("companies", body)))
        seen += page.documents
        if page.next_cursor is None:
            break
        body["cursor"] = page.next_cursor
        assert len(page.documents) == 10
    assert seen == [b"%d" % num for num in range(200) if num not in stored.missing]


def test_walk_leaves_out_what_changed_and_matches_no_more() -> None:
    service, _, stored = made(9)
    stored.changed = {3: company(3, "Software"), 4: company(4, "Retail"), 5: b"{}"}

    async def walked() -> list[bytes]:
        query = parse_request("companies", {"industries": ["Retail"]}).query
        return [document async for part in service.walk(query) for document in part]

    assert asyncio.run(walked()) == [b"0", b"1", b"2", stored.changed[4], b"6", b"7", b"8"]


def test_page_without_further_matches_stays_short() -> None:
    service, engine, stored = made(4)
    stored.missing = {1, 3}
    page = asyncio.run(service.page(parse_request("companies", {"per_page": 4})))
    assert (page.documents, page.next_cursor, len(engine.requests)) == ([b"0", b"2"], None, 1)


def test_page_stops_after_ten_refills_and_goes_on_later() -> None:
    service, engine, stored = made(10_000)
    stored.missing = set(range(9_000))
    request = parse_request("companies", {"per_page": 2})
    page = asyncio.run(service.page(request))
    assert page.documents == [] and len(engine.requests) == 11 and page.next_cursor is not None
    looked_at = 2 + sum(2 << step for step in range(10))
    assert decode_cursor(page.next_cursor, request.query, "oldest") == looked_at - 1


def test_page_has_only_the_fields_asked_for() -> None:
    service, _, stored = made(1)

    stored.document = b'{"id":"%d.example","name":"A"}'
    page = asyncio.run(service.page(parse_request("companies", {"fields": ["name"]})))
    assert page.documents == [b'{"name":"A"}']


def test_totals_ask_for_no_records() -> None:
    service, engine, stored = made(7)
    query = parse_request("companies", {}).query
    assert asyncio.run(service.totals([query, query])) == [7, 7]
    assert [asked.window.size for asked in engine.requests] == [0, 0] and stored.reads == []


@pytest.mark.parametrize("order", ["oldest", "newest"])
@pytest.mark.parametrize("sizes", [WalkSizes(1, 1), WalkSizes(4, 3), WalkSizes(100, 7)])
def test_walk_reads_each_match_once(order: Order, sizes: WalkSizes) -> None:
    service, _, stored = made(20)
    stored.missing = {0, 5, 6, 7, 19}

    async def walked() -> list[bytes]:
        query = parse_request("companies", {}).query
        return [document async for part in service.walk(query, order, sizes) for document in part]

    expected = [b"%d" % num for num in range(20) if num not in stored.missing]
    assert asyncio.run(walked()) == (expected if order == "oldest" else expected[::-1])
    assert max(map(len, stored.reads)) <= sizes.slice


def test_walk_over_another_log_is_refused() -> None:
    service, engine, _ = made(20)

    async def walked() -> None:
        async for _ in service.walk(parse_request("companies", {}).query, sizes=WalkSizes(5, 5)):
            engine.log = "another"

    with pytest.raises(StoreReplaced):
        asyncio.run(walked())
