"""Facets: how many of the matching records have each value of a field, exactly.

Each shard returns its most common values. OpenSearch reports how many more records may have a value that a shard left
out. Where that could change the result, all values are counted page by page.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from letrics.engines.base import ValueCount
from letrics.engines.opensearch.labels import Labels
from letrics.engines.opensearch.limits import SearchLimits
from letrics.engines.opensearch.mapping import facet_name
from letrics.engines.opensearch.search_client import Body, Reply, Searches
from letrics.engines.opensearch.translate import Filter
from letrics.fields import Fact

Counts = list[tuple[str, int]]
"""Keys with the number of matches that have them, the most common first."""


def terms_aggregation(field: str, size: int, limits: SearchLimits, include: Sequence[str] | None = None) -> Body:
    """The aggregation that counts the `size` most common of the keys `include` (None: of all keys)."""
    terms: Body = {"field": field, "size": min(size, limits.values), "shard_size": limits.values}
    if include is not None:
        terms["include"] = list(include)
    return {"terms": terms}


def counts_of(aggregation: Reply) -> Counts:
    """The keys of a terms aggregation."""
    return [(bucket["key"], bucket["doc_count"]) for bucket in aggregation["buckets"]]


class FacetReader:
    """Reads the `size` most common values of matches."""

    def __init__(self, searches: Searches, labels: Labels, size: int) -> None:
        self._searches = searches
        self._labels = labels
        self._size = size

    def aggregation(self, fact: Fact) -> Body:
        """The aggregation that counts the keys of a fact."""
        more = 1 if fact.kind == "text" else self._searches.limits.margin  # the empty text is not a value
        aggregation = terms_aggregation(facet_name(fact), self._size + more, self._searches.limits)
        aggregation["terms"]["show_term_doc_count_error"] = True
        return aggregation

    async def read(self, fact: Fact, filter_: Filter, aggregation: Reply) -> list[ValueCount]:
        """The values of the matches of `filter_`, the most common first, then by label.

        `aggregation` is the reply to the aggregation of `aggregation`.
        """
        counts = counts_of(aggregation)
        if not self._is_exact(fact, aggregation):
            counts = await self._count_all(fact, filter_)
        least = counts[self._size][1] if len(counts) > self._size else 0
        candidates = [(key, count) for key, count in counts if count >= least and key]
        labels = await self._labels.of(fact, [key for key, _ in candidates], self._searches)
        ranked = sorted((-count, label, key) for (key, count), label in zip(candidates, labels, strict=True) if label)
        return [ValueCount(label, -count) for count, label, _ in ranked[: self._size]]

    def _is_exact(self, fact: Fact, aggregation: Reply) -> bool:
        """Whether no other value can be among the wanted ones, and their counts are exact."""
        buckets: list[Any] = aggregation["buckets"]
        error: int = aggregation["doc_count_error_upper_bound"]
        if not aggregation["sum_other_doc_count"]:
            return error == 0
        if len(buckets) <= self._size:
            return False
        # One more than wanted, because a value may be empty and is then left out.
        least: int = buckets[self._size]["doc_count"]
        if any(b["doc_count_error_upper_bound"] and b["doc_count"] + error >= least for b in buckets):
            return False
        # Texts with equal counts are in the order of the result already.
        return buckets[-1]["doc_count"] + error < least or (fact.kind == "text" and error == 0)

    async def _count_all(self, fact: Fact, filter_: Filter) -> Counts:
        """All keys of the matches."""
        counts: Counts = []
        field = {"terms": {"field": facet_name(fact)}}
        composite: Body = {"size": self._searches.limits.values_per_page, "sources": [{"key": field}]}
        while True:
            body = {"size": 0, "query": filter_, "aggs": {"all": {"composite": composite}}}
            reply = await self._searches.run(body)
            aggregation = reply["aggregations"]["all"]
            counts += [(bucket["key"]["key"], bucket["doc_count"]) for bucket in aggregation["buckets"]]
            if "after_key" not in aggregation:
                return sorted(counts, key=lambda each: -each[1])
            composite["after"] = aggregation["after_key"]
