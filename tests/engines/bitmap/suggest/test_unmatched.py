"""Unmatched values against looking at every record, and the suggestions for them."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest

from letrics.engines.base import Unmatched
from letrics.engines.bitmap.searcher import Searcher
from letrics.engines.bitmap.suggest.unmatched import find_unmatched, missing_keys
from letrics.fields import DOMAIN
from letrics.query import parse_request
from letrics.query.clauses import AllOf, AnyOf, Contains, NoneOf, Query, Term
from letrics.records import KINDS, Email, Kind
from tests.engines.bitmap.costs import SMALL, random_costs
from tests.engines.bitmap.log import company, contact
from tests.engines.bitmap.world import World, changing_worlds, write_index


def _unmatched(searcher: Searcher, kind: Kind, body: dict[str, Any], milliseconds: float = 60_000) -> list[Unmatched]:
    found = find_unmatched(searcher, parse_request(kind, body).query, milliseconds)
    return [item for item in found if item is not None]


def _is_missing(world: World, query: Query, clause: Any, term: Term) -> bool:
    alone = Contains if isinstance(clause, Contains) else AnyOf
    return not any(
        world.is_match(query.kind, num, alone(clause.field, clause.fact, (term,))) for num in world.of_kind(query.kind)
    )


@pytest.mark.parametrize("number", range(6))
def test_find_unmatched_any_query_equals_looking_at_all(number: int, seed: int) -> None:
    rng = Random(seed + number)
    for world, writer in changing_worlds(rng, random_costs(rng)):
        for kind in KINDS:
            for _ in range(8):
                body = world.body(kind)
                query = parse_request(kind, body).query
                expected = [
                    (clause.field, term.value)
                    for clause in query.clauses
                    if isinstance(clause, AnyOf | NoneOf | AllOf | Contains)
                    for term in clause.terms
                    if _is_missing(world, query, clause, term)
                ]
                found = _unmatched(writer.searcher, kind, body)
                assert [(item.field, item.value) for item in found] == expected, body


@pytest.fixture
def searcher() -> Searcher:
    world = World(Random(1), companies=1, contacts=0)
    world.log.put(
        {
            1: company("acme.de", name="Blue Steel", industries=("Software",)),
            2: company("acne.de", industries=("Softwear",)),
        },
        {0: (1, contact("c", job_title="Sales Manager", emails=(Email("a@b.de", "personal"),)))},
    )
    return write_index(world, SMALL).searcher


@pytest.mark.parametrize(
    ("kind", "body", "suggestions"),
    [
        ("companies", {"domains": ["acmee.de"]}, ("acme.de",)),
        ("companies", {"domains": ["acme.fr"]}, ("acme.de",)),
        ("companies", {"domains": ["ace.de"]}, ("acme.de", "acne.de")),
        ("contacts", {"domains": ["ace.de"]}, ("acme.de",)),
        ("companies", {"industries": ["Sofware"]}, ("Software", "Softwear")),
        ("contacts", {"industries": ["Sofware"]}, ("Software",)),
        ("contacts", {"job_titles": ["sales manger"]}, ("sales manager",)),
        ("companies", {"company_names": ["bleu steel"]}, ("blue steel",)),
        ("contacts", {"emails": ["a@c.de"]}, ()),
        ("contacts", {"job_titles": ["zzzzzz"]}, ()),
    ],
)
def test_find_unmatched_similar_values_are_suggested(
    searcher: Searcher, kind: Kind, body: dict[str, Any], suggestions: tuple[str, ...]
) -> None:
    for _ in range(2):  # the second time from the cache
        (found,) = _unmatched(searcher, kind, body)
        assert set(found.suggestions) == set(suggestions)


def test_find_unmatched_only_the_first_ten_have_suggestions(searcher: Searcher) -> None:
    values = [f"Sofware{number}" for number in range(12)]
    found = _unmatched(searcher, "companies", {"industries": values})
    assert [bool(item.suggestions) for item in found] == [True] * 10 + [False] * 2


def test_find_unmatched_without_time_has_no_suggestions(searcher: Searcher) -> None:
    (found,) = _unmatched(searcher, "companies", {"industries": ["Sofware"]}, milliseconds=0.0)
    assert found.suggestions == ()


def test_missing_keys_company_without_contacts_is_missing(searcher: Searcher) -> None:
    terms = tuple(Term(text, (text,)) for text in ("acme.de", "acne.de", "x.de"))
    assert missing_keys(searcher, "companies", DOMAIN, terms) == [terms[2]]
    assert missing_keys(searcher, "contacts", DOMAIN, terms) == [terms[1], terms[2]]
