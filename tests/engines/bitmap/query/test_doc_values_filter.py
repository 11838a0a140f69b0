"""Doc-values filter: checking matches by column against plain sets, and when that is cheaper."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest
from pyroaring import BitMap

from letrics.engines.bitmap.query.doc_values_filter import cheaper_by_columns, company_mask, filter_by_columns
from letrics.engines.bitmap.query.nodes import FlagNode, QueryNode, RangeNode, TermsNode
from tests.engines.bitmap.costs import SMALL, random_costs
from tests.engines.bitmap.query.segments import COMPANIES, nums_of, random_segments
from tests.engines.bitmap.steps import finish


@pytest.mark.parametrize("number", range(15))
def test_filter_by_columns_any_clauses_equals_plain_sets(number: int, seed: int) -> None:
    rng = Random(seed + number)
    contacts, companies, plain = random_segments(rng, random_costs(rng))
    for _ in range(15):
        clauses: list[QueryNode] = [
            TermsNode("company", nums_of(rng.sample(range(14), 3))),
            RangeNode("time", rng.choice((None, rng.randrange(60))), rng.choice((None, rng.randrange(60)))),
            RangeNode("company_time", rng.choice((None, rng.randrange(60))), 40),
            RangeNode("time", rng.choice((None, rng.randrange(30))), rng.randrange(60), ("least", "most")),
        ]
        clauses = rng.sample(clauses, rng.randrange(1, 4))
        matches = set(rng.sample(sorted(plain.company), 80))
        found = finish(filter_by_columns(contacts, companies, clauses, BitMap(matches)))
        assert set(found) == matches.intersection(*map(plain.matches, clauses))
        found = finish(filter_by_columns(contacts, companies, clauses, BitMap(matches), must=False))
        assert set(found) == matches.difference(*map(plain.matches, clauses))


def test_company_mask_terms_mark_their_companies(seed: int) -> None:
    _, companies, plain = random_segments(Random(seed), SMALL)
    mask = company_mask(companies, "company", nums_of([2, 5]))
    assert mask.tolist() == [bool(plain.of_company[at] & {2, 5}) for at in range(COMPANIES)]


@pytest.mark.parametrize(
    ("posting_ns", "column_ns", "chosen"), [(1.0, 0.0, [0, 1]), (1e9, 45.0, [0, 1]), (0.0, 45.0, []), (0.0, 0.0, [])]
)
def test_cheaper_by_columns_follows_the_costs(posting_ns: float, column_ns: float, chosen: list[int]) -> None:
    costs = replace(SMALL, posting_container_ns=posting_ns, random_access_ns=column_ns, sequential_access_ns=column_ns)
    contacts, companies, _ = random_segments(Random(3), costs)
    clauses: list[QueryNode] = [TermsNode("company", nums_of([1])), RangeNode("time", 5, 9), FlagNode("flag")]
    found = cheaper_by_columns(contacts, companies, clauses, contacts.alive)
    assert found == [clauses[at] for at in chosen]


def test_cheaper_by_columns_needs_companies_for_their_terms() -> None:
    contacts, companies, _ = random_segments(Random(3), SMALL)
    terms = TermsNode("company", nums_of([1]))
    own = TermsNode("own", nums_of([1]))
    assert cheaper_by_columns(contacts, None, [terms], contacts.alive) == []
    assert cheaper_by_columns(contacts, companies, [own, terms], contacts.alive) == [terms]
