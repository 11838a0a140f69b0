"""Translates queries into the query language of OpenSearch. All clauses are filters: nothing is scored."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final, assert_never

from letrics.engines.opensearch.mapping import SPACED, TRIGRAMS, WORDS, field_name, flags_name, spaced_trigrams
from letrics.fields import Fact
from letrics.query.clauses import AllOf, AnyOf, Between, Clause, Contains, Flag, NoneOf, Query, Term

Filter = dict[str, Any]
"""A query of OpenSearch."""

EVERYTHING: Final[Filter] = {"match_all": {}}
"""Matches every record."""
NOTHING: Final[Filter] = {"match_none": {}}
"""Matches no record."""


def translate(query: Query, more: Sequence[Filter] = ()) -> Filter:
    """The records that match every clause, and every filter of `more`."""
    must: list[Filter] = list(more)
    must_not: list[Filter] = []
    for clause in query.clauses:
        excluded = isinstance(clause, NoneOf) or (isinstance(clause, Contains | AllOf | Flag) and clause.exclude)
        (must_not if excluded else must).append(_clause(clause))
    if not must and not must_not:
        return EVERYTHING
    return {"bool": {"filter": must, "must_not": must_not}}


def _clause(clause: Clause) -> Filter:
    """The clause, or what an exclusion excludes."""
    match clause:
        case AnyOf(_, fact, terms) | NoneOf(_, fact, terms):
            return any_key(fact, keys_of(terms))
        case AllOf(_, fact, terms):
            return {"bool": {"filter": [any_key(fact, term.keys) for term in terms]}}
        case Contains(_, fact, terms):
            return any_text(fact, keys_of(terms))
        case Flag(_, fact):
            return {"term": {flags_name(fact.owner): fact.name}}
        case Between(_, fact, low, high):
            return _between(fact, low, high)
        case _:
            assert_never(clause)


def count_clauses(filter_: Filter) -> int:
    """The number of clauses of a filter, as OpenSearch counts them: those that contain no others."""
    if "bool" not in filter_:
        return 1
    return sum(count_clauses(each) for group in filter_["bool"].values() for each in group)


def keys_of(terms: Iterable[Term]) -> list[str]:
    """The distinct keys of the terms."""
    return list(dict.fromkeys(key for term in terms for key in term.keys))


def any_key(fact: Fact, keys: Sequence[str]) -> Filter:
    """The records that have one of the keys."""
    return {"terms": {field_name(fact): list(keys)}} if keys else NOTHING


def any_text(fact: Fact, keys: Sequence[str]) -> Filter:
    """The records whose text contains one of the keys (see Contains)."""
    name = field_name(fact)
    filters: list[Filter] = []
    terms: dict[str, list[str]] = {}
    for key in keys:
        found = _words(name, key) if key.startswith("\n") else contains(name, key)
        if "term" in found:  # many terms of one field are faster together
            [(field, text)] = found["term"].items()
            terms.setdefault(field, []).append(text)
        else:
            filters.append(found)
    filters += [{"terms": {field: texts}} for field, texts in terms.items()]
    if not filters:
        return NOTHING
    return filters[0] if len(filters) == 1 else {"bool": {"should": filters}}


def contains(field: str, text: str) -> Filter:
    """The documents in which the text of the field contains `text`. Every character of a text begins an n-gram."""
    if len(text) < 3:
        return {"prefix": {f"{field}.{TRIGRAMS}": text}}
    if len(text) == 3:
        return {"term": {f"{field}.{TRIGRAMS}": text}}
    return {"match_phrase": {f"{field}.{TRIGRAMS}": {"query": spaced_trigrams(text), "analyzer": SPACED}}}


def _words(field: str, key: str) -> Filter:
    """The documents in which the text of the field contains the whole words of the key."""
    words = key.strip("\n").split("\n")
    if len(words) == 1:
        return {"term": {f"{field}.{WORDS}": words[0]}}
    return {"match_phrase": {f"{field}.{WORDS}": " ".join(words)}}


def _between(fact: Fact, low: int | None, high: int | None) -> Filter:
    own = _range(fact, low, high)
    if fact.band is None:
        return own
    least, most = fact.band
    overlaps = [_range(least, None, high), _range(most, low, None)]
    band = {"bool": {"filter": overlaps, "must_not": [{"exists": {"field": field_name(fact)}}]}}
    return {"bool": {"should": [own, band]}}


def _range(fact: Fact, low: int | None, high: int | None) -> Filter:
    """The records whose time or number is in the range."""
    bounds = {name: bound for name, bound in (("gte", low), ("lte", high)) if bound is not None}
    return {"range": {field_name(fact): bounds}} if bounds else {"exists": {"field": field_name(fact)}}
