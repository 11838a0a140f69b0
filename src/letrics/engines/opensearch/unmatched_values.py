"""Unmatched values: values of a query that no record of its kind has, and similar values to suggest."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, assert_never

from letrics.engines.base import Unmatched
from letrics.engines.opensearch.existence import Existence
from letrics.engines.opensearch.suggestions import Suggester
from letrics.query.clauses import AllOf, AnyOf, Between, Clause, Contains, Flag, NoneOf, Query, Term

_MAX_SUGGESTED_VALUES: Final = 10
"""Maximum unmatched values of a request that get suggestions."""


async def find_unmatched(existence: Existence, suggester: Suggester, query: Query) -> list[Unmatched]:
    """The unmatched values in the order of the query; the first 10 with suggestions."""
    missing: list[tuple[Clause, Term]] = []
    for clause in query.clauses:
        terms = terms_of(clause)
        exist = await existence.of(clause.fact, [term.keys for term in terms])
        missing += [(clause, term) for term, exists in zip(terms, exist, strict=True) if not exists]
    first = [(clause.fact, term) for clause, term in missing[:_MAX_SUGGESTED_VALUES]]
    suggested = [*await suggester.suggest(first), *[()] * (len(missing) - len(first))]
    return [
        Unmatched(clause.field, term.value, similar) for (clause, term), similar in zip(missing, suggested, strict=True)
    ]


def terms_of(clause: Clause) -> Sequence[Term]:
    """The values of a clause."""
    match clause:
        case AnyOf(_, _, terms) | NoneOf(_, _, terms) | AllOf(_, _, terms) | Contains(_, _, terms):
            return terms
        case Flag() | Between():
            return ()
        case _:
            assert_never(clause)
