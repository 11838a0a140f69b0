"""OpenSearch engine: runs queries on the indexes of a cluster, which a follower keeps up to date."""

from __future__ import annotations

import hashlib
from typing import Final

from letrics.budget import budget_or
from letrics.engines.base import (
    Capabilities,
    EngineLoading,
    OutOfTime,
    SearchRequest,
    SearchResult,
    Unmatched,
    ValueCount,
)
from letrics.engines.opensearch.cluster_client import Client
from letrics.engines.opensearch.completer import Completer
from letrics.engines.opensearch.existence import Existence, KeyCache
from letrics.engines.opensearch.facet_reader import FacetReader
from letrics.engines.opensearch.labels import Labels
from letrics.engines.opensearch.limits import DEFAULT_LIMITS, SearchLimits
from letrics.engines.opensearch.names import IndexNames
from letrics.engines.opensearch.pages import PageReader
from letrics.engines.opensearch.search_client import Body, Deadline, SearchClient, Searches
from letrics.engines.opensearch.suggestions import Suggester
from letrics.engines.opensearch.translate import Filter, count_clauses, translate
from letrics.engines.opensearch.unmatched_values import find_unmatched
from letrics.fields import Fact, Field
from letrics.query.clauses import Query
from letrics.records import Kind
from letrics.store.base import Position

_DEFAULT_BUDGET_MS: Final = 2000
"""Default time budget of a query, in milliseconds."""


class OpenSearchEngine:
    """Searches the indexes `names` through `client`; see SearchEngine.

    A refresh of an index is atomic for each shard. So for some milliseconds after a batch, a search may see its changes
    on one shard and not yet on another. `SearchResult.position` is the position that every shard has reached.
    """

    capabilities: Final = Capabilities(any_offset=True, exact_facets=True, suggestions=True)

    def __init__(
        self,
        client: Client,
        names: IndexNames,
        *,
        budget_ms: int = _DEFAULT_BUDGET_MS,
        limits: SearchLimits = DEFAULT_LIMITS,
    ) -> None:
        """`budget_ms` is the time budget of a query. The client stays open when the engine is closed."""
        self._client = SearchClient(client, names, limits)
        self._limits = limits
        self._budget = budget_ms / 1000
        self._labels = Labels()
        self._cache = KeyCache()
        self._closed = False

    async def search(self, request: SearchRequest) -> SearchResult:
        """See SearchEngine."""
        deadline = Deadline(budget_or(self._budget).left())
        position = await self._ready(deadline)
        query, kind = request.query, request.query.kind
        searches = self._client.searches(kind, deadline, _preference(query))
        filter_ = translate(query)
        if count_clauses(filter_) > self._limits.clauses:  # a query of 500 phrases with 64 spellings each takes minutes
            raise OutOfTime("the query has too many texts and spellings")
        page_reader = PageReader(searches, filter_, request.window)
        facet_reader = FacetReader(searches, self._labels, request.facet_size)
        facets = [(_fact(query, field), _facet_filter(query, field)) for field in request.facets]
        page_reply, *replies = await searches.run_all([page_reader.body(), *_facet_bodies(facet_reader, facets)])
        page = await page_reader.read(page_reply)
        unmatched = await self._unmatched(searches, query) if request.unmatched else ()
        counted = {name: found for reply in replies for name, found in reply["aggregations"].items()}
        values = [await facet_reader.read(fact, filter_, counted[str(at)]) for at, (fact, filter_) in enumerate(facets)]
        return SearchResult(page.total, page.nums, page.more, position, unmatched, values)

    async def _unmatched(self, searches: Searches, query: Query) -> list[Unmatched]:
        existence = Existence(searches, self._cache)
        return await find_unmatched(existence, Suggester(searches, existence, self._cache), query)

    async def values(self, kind: Kind, fact: Fact, typed: str, limit: int) -> list[ValueCount]:
        """See SearchEngine."""
        deadline = Deadline(budget_or(self._budget).left())
        await self._ready(deadline)
        searches = self._client.searches(kind, deadline, _preference(fact.name, typed))
        return await Completer(searches, self._labels).complete(fact, typed, limit)

    async def position(self) -> Position | None:
        """See SearchEngine."""
        return None if self._closed else await self._client.position()

    def close(self) -> None:
        """See SearchEngine."""
        self._closed = True

    async def _ready(self, deadline: Deadline) -> Position:
        """The current position, before a search. Raises EngineLoading before there is one."""
        position = None if self._closed else await self._client.position(deadline.left())
        if position is None:
            raise EngineLoading("the index is loading")
        self._labels.follow(position.log)
        self._cache.follow(position)
        return position


def _fact(query: Query, field: Field) -> Fact:
    fact = field.fact(query.kind)
    assert fact is not None
    return fact


def _facet_filter(query: Query, field: Field) -> Filter:
    """The matches of the query without the field's own include filter."""
    return translate(Query(query.kind, tuple(clause for clause in query.clauses if clause.field != field.name)))


def _facet_bodies(reader: FacetReader, facets: list[tuple[Fact, Filter]]) -> list[Body]:
    """One search for the facets of each filter. Each aggregation is named by the position of its facet."""
    bodies: list[Body] = []
    for at, (fact, filter_) in enumerate(facets):
        body = next((body for body in bodies if body["query"] == filter_), None)
        if body is None:
            body = {"size": 0, "query": filter_, "aggs": {}}
            bodies.append(body)
        body["aggs"][str(at)] = reader.aggregation(fact)
    return bodies


def _preference(*question: object) -> str:
    """A string that is the same for all pages of a query, so that they are read from the same copies of the shards."""
    return hashlib.blake2b(repr(question).encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
