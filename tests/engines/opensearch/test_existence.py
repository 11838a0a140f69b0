"""What is cached of the keys that exist: only what is true at one position of the log."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

from letrics.engines.opensearch.existence import Existence, KeyCache
from letrics.engines.opensearch.limits import DEFAULT_LIMITS
from letrics.engines.opensearch.names import IndexNames, Part
from letrics.engines.opensearch.search_client import Body, Deadline, Reply, SearchClient, Searches
from letrics.fields import DEPARTMENT, DOMAIN
from letrics.store.base import Position
from tests.engines.opensearch.test_search_client import ToldClient


class CountingClient(SearchClient):
    """Finds the keys `existing`, and counts its searches."""

    def __init__(self, *existing: str) -> None:
        super().__init__(ToldClient(), IndexNames("letrics", "f"))
        self.existing = existing
        self.searches_run = 0

    async def search_all(self, part: Part, bodies: Sequence[Body], deadline: Deadline, preference: str) -> list[Reply]:
        """See SearchClient."""
        self.searches_run += len(bodies)
        return [self._reply(body) for body in bodies]

    def _reply(self, body: Body) -> Reply:
        buckets = [{"key": key, "doc_count": 1} for key in self.existing]
        counted = {"keys": {"buckets": buckets, "sum_other_doc_count": 0}}
        found = any(key in str(body["query"]) for key in self.existing)
        return {"aggregations": counted, "hits": {"total": {"value": int(found)}}}


def existence(client: CountingClient, cache: KeyCache) -> Existence:
    return Existence(Searches(client, "contacts", Deadline(60), "same", DEFAULT_LIMITS), cache)


def exist(client: CountingClient, cache: KeyCache, fact: Any, *groups: Sequence[str]) -> list[bool]:
    return asyncio.run(existence(client, cache).of(fact, groups))


def test_existence_any_key_of_a_group_is_enough() -> None:
    client, cache = CountingClient("sales", "legal"), KeyCache()
    assert exist(client, cache, DEPARTMENT, ["sales", "none"], ["none"], [], ["legal"]) == [True, False, False, True]
    assert client.searches_run == 3


def test_existence_of_domains_is_one_search() -> None:
    client = CountingClient("a.example")
    assert exist(client, KeyCache(), DOMAIN, ["a.example"], ["b.example"]) == [True, False]
    assert client.searches_run == 1


def test_existence_is_cached_until_the_position_changes() -> None:
    client, cache = CountingClient("sales"), KeyCache()
    for position, searches in ((Position("l", 1, "a"), 1), (Position("l", 1, "a"), 1), (Position("l", 2, "b"), 2)):
        cache.follow(position)
        assert exist(client, cache, DEPARTMENT, ["sales"]) == [True]
        assert client.searches_run == searches


def test_cache_beyond_its_capacity_is_emptied() -> None:
    client, cache = CountingClient(), KeyCache(max_cached=1)
    position = Position("l", 1, "a")
    cache.follow(position)
    exist(client, cache, DEPARTMENT, ["a"], ["b"])
    cache.follow(position)
    assert cache.keys("contacts", DEPARTMENT) == {}
