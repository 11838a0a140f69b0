"""Facets: how many of the matching records have each value of a field, exactly.

A shard returns its most common values. Where a value that it leaves out could change the result, which OpenSearch
reports as an upper bound of the error, all values are counted page by page.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from letrics.engines.base import ValueCount
from letrics.engines.opensearch.labels import Labels
from letrics.engines.opensearch.mapping import facet_name
from letrics.engines.opensearch.search_client import Body, Deadline, Reply, SearchClient
from letrics.engines.opensearch.translate import Filter
from letrics.fields import Fact
from letrics.records import Kind

MAX_BUCKETS: Final = 65_535
"""Maximum values in one reply (OpenSearch's `search.max_buckets`), and considered by each shard."""
_MARGIN: Final = 200
"""How many more values are counted than wanted, because those with equal counts are sorted by their labels."""
_PAGE: Final = 10_000
"""Number of values in a page where all are counted."""

Counts = list[tuple[str, int]]
"""Keys with the number of matches that have them."""


def facet_aggregation(fact: Fact, size: int) -> Body:
    """The aggregation that counts the most common keys of a fact."""
    if fact.kind == "text":
        return terms_aggregation(facet_name(fact), size + 1)  # the empty text is not a value
    return terms_aggregation(facet_name(fact), size + _MARGIN)


def terms_aggregation(field: str, size: int, include: Sequence[str] | None = None) -> Body:
    """The aggregation that counts the `size` most common of the keys `include` (None: of all keys)."""
    terms: Body = {"field": field, "size": min(size, MAX_BUCKETS), "shard_size": MAX_BUCKETS}
    if include is not None:
        terms["include"] = list(include)
    return {"terms": terms}


def counts_of(aggregation: Reply) -> Counts:
    """The keys of a terms aggregation."""
    return [(bucket["key"], bucket["doc_count"]) for bucket in aggregation["buckets"]]


class FacetReader:
    """Reads the facets of searches of one kind of record."""

    def __init__(self, client: SearchClient, labels: Labels, kind: Kind, deadline: Deadline, preference: str) -> None:
        self._client = client
        self._labels = labels
        self._kind = kind
        self._deadline = deadline
        self._preference = preference

    async def read(self, fact: Fact, filter_: Filter, size: int, aggregation: Reply) -> list[ValueCount]:
        """The `size` most common values of the matches of `filter_`, the most common first, then by label.

        `aggregation` is the reply to `facet_aggregation`.
        """
        counts = counts_of(aggregation)
        # A value that was left out may have as many matches as the last one of the facet.
        cut = aggregation["sum_other_doc_count"] > 0 and (
            fact.kind != "text" and (len(counts) < size or counts[-1][1] == counts[size - 1][1])
        )
        if cut or aggregation["doc_count_error_upper_bound"] > 0:
            counts = await self._count_all(fact, filter_)
        counts.sort(key=lambda each: -each[1])
        least = counts[size - 1][1] if 0 < size <= len(counts) else 0
        candidates = [each for each in counts if each[1] >= least and each[0]]
        labels = await self._labels.of(fact, [key for key, _ in candidates], self._deadline)
        ranked = sorted((-count, label, key) for (key, count), label in zip(candidates, labels, strict=True) if label)
        return [ValueCount(label, -count) for count, label, _ in ranked[:size]]

    async def _count_all(self, fact: Fact, filter_: Filter) -> Counts:
        """All keys of the matches."""
        counts: Counts = []
        field = {"terms": {"field": facet_name(fact)}}
        composite: dict[str, Any] = {"size": _PAGE, "sources": [{"key": field}]}
        while True:
            body = {"size": 0, "query": filter_, "aggs": {"all": {"composite": composite}}}
            reply = await self._client.search(self._kind, body, self._deadline, self._preference)
            aggregation = reply["aggregations"]["all"]
            counts += [(bucket["key"]["key"], bucket["doc_count"]) for bucket in aggregation["buckets"]]
            if "after_key" not in aggregation:
                return counts
            composite["after"] = aggregation["after_key"]
