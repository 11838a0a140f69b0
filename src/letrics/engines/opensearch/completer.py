"""Completion: values of a field that match what a user has typed so far, best match first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from letrics.engines.base import ValueCount
from letrics.engines.opensearch.facet_reader import FacetReader, counts_of, terms_aggregation
from letrics.engines.opensearch.labels import Labels
from letrics.engines.opensearch.mapping import END, field_name
from letrics.engines.opensearch.search_client import Body, Reply, Searches
from letrics.engines.opensearch.suggestions import near
from letrics.engines.opensearch.translate import EVERYTHING, Filter, any_key, any_text, contains
from letrics.fields import Fact
from letrics.normalize.text import fold, fold_words

_MAX_SIMILAR: Final = 10
"""Maximum similar values if none contains the typed text."""
Ranked = list[tuple[int, str, str]]
"""How well values match (0 is best), with their labels and keys."""


class Completer:
    """Completes values of one kind of record."""

    def __init__(self, searches: Searches, labels: Labels) -> None:
        self._searches = searches
        self._labels = labels

    async def complete(self, fact: Fact, typed: str, limit: int) -> list[ValueCount]:
        """Up to `limit` values that match the typed text.

        The order is: the whole value, its beginning, the beginning of one of its words, anywhere in it, and only if
        nothing matches, similar values. Among equals, the most common value comes first. Without a typed text, the most
        common values.
        """
        wanted = fold_words(typed) if fact.kind == "text" else fold(typed)
        if not wanted:
            return await self._most_common(fact, limit)
        if fact.kind == "text":
            return await self._texts(fact, wanted, limit)
        ranked = await self._entries(fact, wanted)
        if not ranked:
            similar = await near(self._searches, fact, wanted)
            ranked = [(rank, label, key) for rank, (label, key) in enumerate(similar[:_MAX_SIMILAR], 4)]
        return await self._counted(fact, ranked, limit)

    async def _most_common(self, fact: Fact, limit: int) -> list[ValueCount]:
        reader = FacetReader(self._searches, self._labels, limit)
        body: Body = {"size": 0, "query": EVERYTHING, "aggs": {"values": reader.aggregation(fact)}}
        reply = await self._searches.run(body)
        return await reader.read(fact, EVERYTHING, reply["aggregations"]["values"])

    async def _texts(self, fact: Fact, wanted: str, limit: int) -> list[ValueCount]:
        """Texts that contain the wanted one: each record has one, so that those of a rank can be counted together."""
        name = field_name(fact)
        ranks = _ranks(name, wanted)
        counted = {"values": terms_aggregation(name, limit + 1, self._searches.limits)}
        aggregations: dict[str, Any] = {}
        for rank, filter_ in enumerate(ranks):
            only = {"bool": {"filter": [filter_], "must_not": ranks[:rank]}}
            aggregations[str(rank)] = {"filter": only, "aggs": counted}
        body = {"size": 0, "query": any_text(fact, [wanted]), "aggs": aggregations}
        reply = await self._searches.run(body)
        found = [each for rank in range(len(ranks)) for each in counts_of(reply["aggregations"][str(rank)]["values"])]
        values = [ValueCount(text.removesuffix(END), count) for text, count in found]
        return [value for value in values if value.value][:limit]

    async def _entries(self, fact: Fact, wanted: str) -> Ranked:
        """The dictionary entries that contain the wanted text."""
        score = {"boost_mode": "replace", "score_mode": "max", "query": contains("text", wanted)}
        weights = [{"filter": filter_, "weight": 4 - rank} for rank, filter_ in enumerate(_ranks("text", wanted))]
        query = {
            "bool": {
                "filter": [{"term": {"fact": fact.name}}],
                "must": [{"function_score": score | {"functions": weights}}],
            }
        }
        body = {"size": self._searches.limits.dictionary_entries, "query": query, "_source": ["key", "label"]}
        reply: Reply = await self._searches.run(body, "dictionary")
        matches: Sequence[Reply] = reply["hits"]["hits"]
        return [(4 - round(match["_score"]), match["_source"]["label"], match["_source"]["key"]) for match in matches]

    async def _counted(self, fact: Fact, ranked: Ranked, limit: int) -> list[ValueCount]:
        """The values in order of rank, then of count, then of label; those that no record has are left out."""
        by_rank: dict[int, list[str]] = {}
        for rank, _, key in ranked:
            by_rank.setdefault(rank, []).append(key)
        if not by_rank:
            return []
        field = field_name(fact)
        aggregations = {
            str(rank): terms_aggregation(field, limit + self._searches.limits.margin, self._searches.limits, keys)
            for rank, keys in by_rank.items()
        }
        query = any_key(fact, [key for _, _, key in ranked])
        reply = await self._searches.run({"size": 0, "query": query, "aggs": aggregations})
        labels = {key: label for _, label, key in ranked}
        found = sorted(
            (rank, -count, labels[key])
            for rank in by_rank
            for key, count in counts_of(reply["aggregations"][str(rank)])
        )
        best: dict[str, int] = {}
        for _, count, label in found:
            best.setdefault(label, -count)
        return [ValueCount(label, count) for label, count in best.items()][:limit]


def _ranks(field: str, wanted: str) -> list[Filter]:
    """The filters of the ranks, the best first: the whole text, its beginning, that of a word, anywhere."""
    return [
        {"term": {field: wanted + END}},
        {"prefix": {field: wanted}},
        contains(field, f" {wanted}"),
        contains(field, wanted),
    ]
