"""Binder: whole queries against filtering plain records, under costs that prefer one way or another."""

from __future__ import annotations

from random import Random

import pytest

from letrics.engines.bitmap.query.binder import bind, find_matches, is_company_fact
from letrics.engines.bitmap.query.nodes import AllNode, HashNode, JoinNode, RangeNode, TermsNode, TextNode
from letrics.fields import COMPANY_NAME, JOB_TITLE
from letrics.query import parse_request
from letrics.query.clauses import Query
from letrics.records import KINDS
from tests.engines.bitmap.costs import SMALL, random_costs
from tests.engines.bitmap.steps import finish
from tests.engines.bitmap.world import World, changing_worlds, write_index


@pytest.mark.parametrize("number", range(6))
def test_find_matches_any_costs_equals_filtering(number: int, seed: int) -> None:
    rng = Random(seed + number)
    for world, writer in changing_worlds(rng, random_costs(rng)):
        for kind in KINDS:
            for _ in range(12):
                body = world.body(kind)
                query = parse_request(kind, body).query
                found = list(finish(find_matches(writer.searcher, query)))
                assert found == world.matches(query), (kind, body)


def test_find_matches_query_without_clauses_is_everything(seed: int) -> None:
    for world, writer in changing_worlds(Random(seed), SMALL):
        for kind in KINDS:
            assert list(finish(find_matches(writer.searcher, Query(kind)))) == world.of_kind(kind)


def test_bind_each_clause_type_has_its_node(seed: int) -> None:
    searcher = write_index(World(Random(seed)), SMALL).searcher
    body = {
        "industries": ["Steel"],
        "technologies_all": ["Go", "R"],
        "domains": ["company1.de"],
        "emails": ["p1@mail.example"],
        "company_names": ["acme"],
        "job_titles": ["sales"],
        "employees_min": 3,
        "exclude_departments": ["IT"],
    }
    must, must_not = finish(bind(searcher, parse_request("contacts", body).query))
    types = [TermsNode, AllNode, JoinNode, HashNode, JoinNode, TextNode, RangeNode]
    assert sorted(type(node).__name__ for node in must) == sorted(node.__name__ for node in types)
    assert [type(node) for node in must_not] == [TermsNode]


def test_is_company_fact_only_for_contacts() -> None:
    assert is_company_fact("contacts", COMPANY_NAME)
    assert not is_company_fact("contacts", JOB_TITLE) and not is_company_fact("companies", COMPANY_NAME)
