"""Binder: resolves the values of a query to the ids of an index, and runs the bound query on every segment.

Binding happens once per query and is valid for all segments of a searcher, because they share dictionaries.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import assert_never

from pyroaring import BitMap

from letrics.engines.bitmap.kernel.arrays import sorted_unique
from letrics.engines.bitmap.query.executor import BitmapSteps, execute
from letrics.engines.bitmap.query.nodes import (
    AllNode,
    FlagNode,
    HashNode,
    JoinNode,
    QueryNode,
    RangeNode,
    TermsNode,
    TextNode,
)
from letrics.engines.bitmap.searcher import Searcher
from letrics.engines.bitmap.segment.hash_index import hash_texts
from letrics.fields import Fact
from letrics.query.clauses import AllOf, AnyOf, Between, Clause, Contains, Flag, NoneOf, Query, Term
from letrics.records import Kind

BoundQuery = tuple[list[QueryNode], list[QueryNode]]
"""The clauses that must match, and those that must not."""


def find_matches(searcher: Searcher, query: Query) -> BitmapSteps:
    """The nums of all records that match the query, in steps. Not to be modified."""
    must, must_not = yield from bind(searcher, query)
    matches: BitMap | None = None
    for pair in searcher.segments:
        segment = pair.of_kind(query.kind)
        # The base has every company. A later segment has contacts whose companies are not in it.
        companies = pair.companies if pair is searcher.segments[0] and query.kind == "contacts" else None
        found = yield from execute(segment, must, must_not, companies)
        matches = found if matches is None else (matches - segment.covers) | found
    assert matches is not None
    return matches


def bind(searcher: Searcher, query: Query) -> Generator[None, None, BoundQuery]:
    """The bound clauses of the query, in steps."""
    must: list[QueryNode] = []
    must_not: list[QueryNode] = []
    for clause in query.clauses:
        excluded = isinstance(clause, NoneOf) or (isinstance(clause, Contains | AllOf | Flag) and clause.exclude)
        node = yield from _bind_clause(searcher, query.kind, clause)
        (must_not if excluded else must).append(node)
        yield
    return must, must_not


def _bind_clause(searcher: Searcher, kind: Kind, clause: Clause) -> Generator[None, None, QueryNode]:
    match clause:
        case AnyOf(_, fact, terms) | NoneOf(_, fact, terms):
            return _bind_terms(searcher, kind, fact, terms)
        case AllOf(_, fact, terms):
            return AllNode(tuple(_bind_terms(searcher, kind, fact, (term,)) for term in terms))
        case Contains(_, fact, terms):
            index = searcher.text_indexes[fact.name]
            strings = []
            for key in (key for term in terms for key in term.keys):
                strings.append(index.resolve(key))
                yield
            text = TextNode(fact.name, tuple(strings))
            return JoinNode(searcher.companies_matching(text)) if is_company_fact(kind, fact) else text
        case Flag(_, fact):
            return FlagNode(fact.name)
        case Between(_, fact, low, high):
            band = None if fact.band is None else (fact.band[0].name, fact.band[1].name)
            return RangeNode(fact.name, low, high, band)
        case _:
            assert_never(clause)


def _bind_terms(searcher: Searcher, kind: Kind, fact: Fact, terms: tuple[Term, ...]) -> QueryNode:
    if fact.kind != "keys":
        return TermsNode(fact.name, searcher.dictionaries[fact.name].find(key for term in terms for key in term.keys))
    if is_company_fact(kind, fact):
        return JoinNode(sorted_unique(searcher.find_keys(fact, terms)[1]))
    return HashNode(fact.name, hash_texts([key for term in terms for key in term.keys]))


def is_company_fact(kind: Kind, fact: Fact) -> bool:
    """Whether records of `kind` are contacts and the fact is one of their company."""
    return kind == "contacts" and fact.owner == "company"
