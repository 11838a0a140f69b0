"""An engine over a store, asked with request bodies."""

from __future__ import annotations

import asyncio
from typing import Any

import msgspec

from letrics.backends.base import FollowedEngine
from letrics.engines.base import SearchRequest, SearchResult, Window
from letrics.fields import facet_fields
from letrics.query import parse_request
from letrics.records import Kind
from letrics.store.base import Store


class Asked:
    """An engine over a store, asked with request bodies."""

    def __init__(self, made: FollowedEngine, store: Store) -> None:
        self.made = made
        self.engine = made.engine
        self.store = store
        self._target = made.target()

    def hits(self, kind: Kind, window: Window | None = None, **body: Any) -> SearchResult:
        query = parse_request(kind, body).query
        return asyncio.run(self.engine.search(SearchRequest(query, window or Window(size=100))))

    def ids(self, kind: Kind, **body: Any) -> list[str]:
        """The ids of all matches, oldest first."""
        hits = self.hits(kind, **body)
        assert hits.total == len(hits.nums) and not hits.more
        documents = self.store.documents(kind, hits.nums)
        return [msgspec.json.decode(document or b"null")["id"] for document in documents]

    def contacts(self, **body: Any) -> list[str]:
        return self.ids("contacts", **body)

    def companies(self, **body: Any) -> list[str]:
        return [domain.split(".")[0] for domain in self.ids("companies", **body)]

    def unmatched(self, kind: Kind, **body: Any) -> list[tuple[str, str, tuple[str, ...]]]:
        query = parse_request(kind, body).query
        found = asyncio.run(self.engine.search(SearchRequest(query, unmatched=True))).unmatched
        return [(one.field, one.value, one.suggestions) for one in found]

    def facets(self, kind: Kind, **body: Any) -> dict[str, dict[str, int]]:
        """By field, each value of the matches and the number of matches that have it."""
        fields, query = tuple(facet_fields(kind)), parse_request(kind, body).query
        found = asyncio.run(self.engine.search(SearchRequest(query, facets=fields, facet_size=100))).facets
        return {f.name: {one.value: one.count for one in of} for f, of in zip(fields, found, strict=True)}

    def apply(self) -> bool:
        """Apply the next changes of the log. Returns whether there were any."""
        return self._target.apply(self.store)

    def follow(self) -> None:
        """Apply all changes of the log."""
        while self.apply():
            pass
