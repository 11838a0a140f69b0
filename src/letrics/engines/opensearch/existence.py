"""Existence: whether any record of a kind has a value or contains a text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from letrics.engines.opensearch.facet_reader import counts_of, terms_aggregation
from letrics.engines.opensearch.mapping import counts_keys, field_name
from letrics.engines.opensearch.search_client import Body, Searches
from letrics.engines.opensearch.translate import Filter, any_key, any_text
from letrics.fields import Fact
from letrics.records import Kind
from letrics.store.base import Position

_MAX_CACHED: Final = 100_000
"""Maximum keys that are cached."""


class KeyCache:
    """Which keys exist and what was suggested at one position of the log.

    A client that fetches page after page asks for the same values each time.
    """

    def __init__(self, max_cached: int = _MAX_CACHED) -> None:
        self._max_cached = max_cached
        self._position: Position | None = None
        self._keys: dict[tuple[Kind, str], dict[str, bool]] = {}
        self._suggested: dict[tuple[Kind, str, str], tuple[str, ...]] = {}
        self.suffixes: list[str] | None = None
        """The most common domain suffixes, the most common first, if they have been looked up."""

    def follow(self, position: Position) -> None:
        """Forget what was cached at another position, or when there is too much of it."""
        cached = sum(map(len, self._keys.values())) + len(self._suggested)
        if position != self._position or cached > self._max_cached:
            self._position, self._keys, self._suggested, self.suffixes = position, {}, {}, None

    def keys(self, kind: Kind, fact: Fact) -> dict[str, bool]:
        """Whether each key seen so far exists. The caller adds to it."""
        return self._keys.setdefault((kind, fact.name), {})

    def suggested(self) -> dict[tuple[Kind, str, str], tuple[str, ...]]:
        """The suggestions by kind, fact and value. The caller adds to it."""
        return self._suggested


class Existence:
    """Looks keys up among the records of one kind."""

    def __init__(self, searches: Searches, cache: KeyCache) -> None:
        self._searches = searches
        self._cache = cache

    async def of(self, fact: Fact, keys: Sequence[Sequence[str]]) -> list[bool]:
        """Whether any record has one of the keys, for each group of keys."""
        known = self._cache.keys(self._searches.kind, fact)
        missing = list(dict.fromkeys(key for group in keys for key in group if key not in known))
        if missing:
            exist = self._nearly_unique if fact.kind == "keys" and counts_keys(fact) else self._each
            known.update(zip(missing, await exist(fact, missing), strict=True))
        return [any(known[key] for key in group) for group in keys]

    async def _nearly_unique(self, fact: Fact, keys: Sequence[str]) -> list[bool]:
        """For keys of few records each: one search counts all keys of the records that have one of them.

        Counting the keys that are looked for alone takes ten times as long.
        """
        counted = {"keys": terms_aggregation(field_name(fact), self._searches.limits.values, self._searches.limits)}
        body = {"size": 0, "query": any_key(fact, keys), "aggs": counted}
        reply = await self._searches.run(body)
        aggregation = reply["aggregations"]["keys"]
        if aggregation["sum_other_doc_count"]:  # the records have too many other keys
            return await self._each(fact, keys)
        found = {key for key, _ in counts_of(aggregation)}
        return [key in found for key in keys]

    async def _each(self, fact: Fact, keys: Sequence[str]) -> list[bool]:
        """For other keys: a search for each, which ends at the first record."""
        as_filter = any_text if fact.kind == "text" else any_key
        bodies = [_first_match(as_filter(fact, [key])) for key in keys]
        replies = await self._searches.run_all(bodies)
        return [reply["hits"]["total"]["value"] > 0 for reply in replies]


def _first_match(filter_: Filter) -> Body:
    return {"size": 0, "query": {"bool": {"filter": [filter_]}}, "terminate_after": 1, "track_total_hits": True}
