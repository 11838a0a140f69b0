"""Suggestions: values similar to one that no record has."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any, Final

from letrics.engines.common.edits import domain_edits, given_domain
from letrics.engines.common.similarity import similarity
from letrics.engines.opensearch.dictionary import padded
from letrics.engines.opensearch.existence import Existence, KeyCache
from letrics.engines.opensearch.facet_reader import counts_of, terms_aggregation
from letrics.engines.opensearch.mapping import END, WORDS, field_name
from letrics.engines.opensearch.search_client import Body, Searches
from letrics.fields import DOMAIN, TLDS, Fact
from letrics.normalize.text import fold
from letrics.normalize.title_words import split_words, word_keys
from letrics.query.clauses import Term

_MAX_COMPARED: Final = 48
"""Number of values that share most n-grams, which are compared character by character."""
_MAX_SUGGESTIONS: Final = 3
"""Maximum suggestions for a value."""
_MAX_SIMILAR_WORDS: Final = 5
"""Maximum words that are tried instead of an unknown one."""
_MAX_SUFFIXES: Final = 200
"""Maximum domain suffixes that are tried instead of that of a domain: the most common ones."""


class Suggester:
    """Finds similar values for searches of one kind of record."""

    def __init__(self, searches: Searches, existence: Existence, cache: KeyCache) -> None:
        self._searches = searches
        self._existence = existence
        self._cache = cache

    async def suggest(self, missing: Sequence[tuple[Fact, Term]]) -> list[tuple[str, ...]]:
        """Up to three similar values for each of these terms, which no record has."""
        cached = self._cache.suggested()
        places = [(self._searches.kind, fact.name, term.value) for fact, term in missing]
        new = [each for place, each in zip(places, missing, strict=True) if place not in cached]
        domains = [term for fact, term in new if fact is DOMAIN]
        others = [(fact, term) for fact, term in new if fact is not DOMAIN]
        found = [*zip(domains, await self._domains(domains), strict=True)] if domains else []
        for (fact, term), similar in [
            *(((DOMAIN, term), similar) for term, similar in found),
            *zip(others, await asyncio.gather(*(self._find(*each) for each in others)), strict=True),
        ]:
            cached[self._searches.kind, fact.name, term.value] = tuple(similar)[:_MAX_SUGGESTIONS]
        return [cached[place] for place in places]

    async def _find(self, fact: Fact, term: Term) -> Sequence[str]:
        if fact.kind == "text":
            return await self._texts(fact, term)
        if fact.kind == "keys":
            return ()
        found = await near(self._searches, fact, term.value)
        exist = await self._existence.of(fact, [[key] for _, key in found])
        return list(dict.fromkeys(label for (label, _), exists in zip(found, exist, strict=True) if exists))

    async def _domains(self, terms: Sequence[Term]) -> list[list[str]]:
        """The existing domains among the edits of each missing one."""
        suffixes = await self._suffixes()
        # No edit can be ruled out without looking for it.
        edits = [domain_edits(term, suffixes, [True] * (len(given_domain(term)) + 2)) for term in terms]
        candidates = [edit.decode() for of_term in edits for edit in of_term]
        exist = iter(await self._existence.of(DOMAIN, [[candidate] for candidate in candidates]))
        return [[edit.decode() for edit in of_term if next(exist)] for of_term in edits]

    async def _suffixes(self) -> list[str]:
        """The most common domain suffixes of companies."""
        if self._cache.suffixes is None:
            body = {
                "size": 0,
                "aggs": {"suffixes": terms_aggregation(field_name(TLDS), _MAX_SUFFIXES, self._searches.limits)},
            }
            reply = await self._searches.run(body, "companies")
            self._cache.suffixes = [suffix for suffix, _ in counts_of(reply["aggregations"]["suffixes"])]
        return self._cache.suffixes

    async def _texts(self, fact: Fact, term: Term) -> Sequence[str]:
        """The text with its first unknown word replaced by similar words, as far as any record contains it."""
        if not term.keys:
            return ()
        text = term.keys[0]
        whole_words = text.startswith("\n")
        words = text.split() if whole_words else list(split_words(text))
        text = " ".join(words) if whole_words else text
        exist = await self._existence.of(fact, [_spellings(word, whole_words) for word in words])
        unknown = next((word for word, exists in zip(words, exist, strict=True) if not exists), None)
        if unknown is None:
            return ()
        candidates = [text.replace(unknown, word, 1) for word in await self._similar_words(fact, unknown)]
        exist = await self._existence.of(fact, [_spellings(candidate, whole_words) for candidate in candidates])
        return [candidate for candidate, exists in zip(candidates, exist, strict=True) if exists]

    async def _similar_words(self, fact: Fact, word: str) -> list[str]:
        """Words of texts of the fact that are similar to `word`, the most similar first.

        Only the records that own the text have its words.
        """
        options = {"field": f"{field_name(fact)}.{WORDS}", "size": _MAX_COMPARED, "suggest_mode": "always"}
        options |= {"min_word_length": 3, "prefix_length": 0, "string_distance": "damerau_levenshtein"}
        body: Body = {"size": 0, "track_total_hits": False, "suggest": {"near": {"text": word, "term": options}}}
        reply = await self._searches.run(body, "companies" if fact.owner == "company" else "contacts")
        others = [option["text"] for found in reply["suggest"]["near"] for option in found["options"]]
        ranked = sorted((-ratio, other) for other in others if (ratio := similarity(word, other)) is not None)
        return [other for _, other in ranked[:_MAX_SIMILAR_WORDS]]


def _spellings(text: str, whole_words: bool) -> Sequence[str]:
    return word_keys(text) if whole_words else (text,)


async def near(searches: Searches, fact: Fact, text: str) -> list[tuple[str, str]]:
    """The labels similar to `text` with their keys, the most similar first. Records may not have them any more."""
    wanted = fold(text)
    if not wanted:
        return []
    of_fact = {"term": {"fact": fact.name}}
    query = {"bool": {"filter": [of_fact], "must": [{"match": {"padded": padded(wanted)}}]}}
    body: Body = {"size": _MAX_COMPARED, "query": query, "_source": ["key", "label", "text"]}
    reply = await searches.run(body, "dictionary")
    ranked: list[tuple[float, str, str]] = []
    for match in reply["hits"]["hits"]:
        entry: dict[str, Any] = match["_source"]
        ratio = similarity(wanted, _cut_to_depth(entry["text"].removesuffix(END), wanted))
        if ratio is not None:
            ranked.append((-ratio, entry["label"], entry["key"]))
    return [(label, key) for _, label, key in sorted(ranked)]


def _cut_to_depth(text: str, wanted: str) -> str:
    """The text, cut to as many comma-separated parts as the wanted one has: "Berln" is similar to "Berlin,
    Germany"."""
    return ",".join(text.split(",")[: wanted.count(",") + 1])
