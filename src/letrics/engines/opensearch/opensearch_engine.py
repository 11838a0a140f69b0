"""OpenSearch engine: runs queries on the indexes of a cluster, which a follower keeps up to date."""

from __future__ import annotations

import hashlib
from typing import Final

from letrics.engines.base import Capabilities, EngineLoading, SearchRequest, SearchResult, ValueCount
from letrics.engines.opensearch.cluster_client import Client
from letrics.engines.opensearch.completer import Completer
from letrics.engines.opensearch.existence import Existence, KeyCache
from letrics.engines.opensearch.facet_reader import FacetReader, facet_aggregation
from letrics.engines.opensearch.labels import Labels
from letrics.engines.opensearch.names import IndexNames
from letrics.engines.opensearch.pages import page_body, read_page
from letrics.engines.opensearch.search_client import Body, Deadline, SearchClient
from letrics.engines.opensearch.suggestions import Suggester
from letrics.engines.opensearch.translate import Filter, translate
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

    def __init__(self, client: Client, names: IndexNames, *, budget_ms: int = _DEFAULT_BUDGET_MS) -> None:
        """`budget_ms` is the time budget of a query. The client stays open when the engine is closed."""
        self._client = SearchClient(client, names)
        self._budget = budget_ms / 1000
        self._labels = Labels(self._client)
        self._existence = KeyCache()
        self._closed = False

    async def search(self, request: SearchRequest) -> SearchResult:
        """See SearchEngine."""
        deadline = Deadline(self._budget)
        position = await self._ready(deadline)
        query, kind = request.query, request.query.kind
        preference = _preference(query)
        filters = [_facet_filter(query, field) for field in request.facets]
        page_filter = translate(query)
        bodies = [page_body(page_filter, request.window), *_facet_bodies(request, filters)]
        page_reply, *facet_replies = await self._client.search_all(kind, bodies, deadline, preference)
        page = await read_page(self._client, kind, page_filter, request.window, page_reply, deadline, preference)
        existence = Existence(self._client, self._existence, kind, deadline, preference)
        suggester = Suggester(self._client, existence, self._existence, kind, deadline, preference)
        unmatched = await find_unmatched(existence, suggester, query) if request.unmatched else ()
        reader = FacetReader(self._client, self._labels, kind, deadline, preference)
        facets: list[list[ValueCount]] = []
        aggregations = {name: found for reply in facet_replies for name, found in reply["aggregations"].items()}
        for field, filter_ in zip(request.facets, filters, strict=True):
            fact, found = _fact(query, field), aggregations[field.name]
            facets.append(await reader.read(fact, filter_, request.facet_size, found))
        return SearchResult(page.total, page.nums, page.more, position, unmatched, facets)

    async def values(self, kind: Kind, fact: Fact, typed: str, limit: int) -> list[ValueCount]:
        """See SearchEngine."""
        deadline = Deadline(self._budget)
        await self._ready(deadline)
        return await Completer(self._client, self._labels, kind, deadline).complete(fact, typed, limit)

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
        self._existence.follow(position)
        return position


def _fact(query: Query, field: Field) -> Fact:
    fact = field.fact(query.kind)
    assert fact is not None
    return fact


def _facet_filter(query: Query, field: Field) -> Filter:
    """The matches of the query without the field's own include filter."""
    return translate(Query(query.kind, tuple(clause for clause in query.clauses if clause.field != field.name)))


def _facet_bodies(request: SearchRequest, filters: list[Filter]) -> list[Body]:
    """One search for the facets of each filter."""
    bodies: list[Body] = []
    for field, filter_ in zip(request.facets, filters, strict=True):
        aggregation = facet_aggregation(_fact(request.query, field), request.facet_size)
        for body in bodies:
            if body["query"] == filter_:
                body["aggs"][field.name] = aggregation
                break
        else:
            bodies.append({"size": 0, "query": filter_, "aggs": {field.name: aggregation}})
    return bodies


def _preference(query: Query) -> str:
    """A string that is the same for all pages of a query, so that they are read from the same copies of the shards."""
    return hashlib.blake2b(repr(query).encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
