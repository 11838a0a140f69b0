"""Searcher: lookups over all segments against plain records."""

from __future__ import annotations

from random import Random

import pytest

from letrics.engines.bitmap.query.nodes import TextNode
from letrics.engines.bitmap.searcher import make_text_indexes
from letrics.engines.bitmap.segment.hash_index import hash_texts
from letrics.fields import COMPANY_NAME, CONTACT_EMAIL, DOMAIN
from letrics.query.clauses import Term
from tests.engines.bitmap.costs import SMALL, random_costs
from tests.engines.bitmap.world import World, changing_worlds, write_index


@pytest.mark.parametrize("number", range(4))
def test_find_keys_any_terms_find_their_live_records(number: int, seed: int) -> None:
    rng = Random(seed + number)
    for world, writer in changing_worlds(rng, random_costs(rng)):
        domains = [record.id for record in world.companies.values()]
        values = [*rng.sample(domains, 5), "unknown.example", "company0.de"]
        terms = tuple(Term(value, (value, f"www.{value}")) for value in values)
        expected = sorted(
            (at, num)
            for at, value in enumerate(values)
            for num, record in world.companies.items()
            if record.domain == value
        )
        for _ in range(2):  # the second time from the cache
            at, nums = writer.searcher.find_keys(DOMAIN, terms)
            assert sorted(zip(at.tolist(), nums.tolist(), strict=True)) == expected


def test_find_hashes_emails_find_their_live_contacts(seed: int) -> None:
    for world, writer in changing_worlds(Random(seed), SMALL):
        emails = [f"p{num}@mail.example" for num in range(70)]
        at, nums = writer.searcher.find_hashes(CONTACT_EMAIL, hash_texts(emails))
        expected = [num for num in world.of_kind("contacts") if world.contacts[num][1].emails and num < 70]
        assert sorted(zip(at.tolist(), nums.tolist(), strict=True)) == [(num, num) for num in expected]


def test_companies_matching_string_are_the_live_ones(seed: int) -> None:
    for world, writer in changing_worlds(Random(seed), SMALL):
        for string in ("steel", "of b", "e & c", "zzz"):
            node = TextNode(COMPANY_NAME.name, (writer.searcher.text_indexes[COMPANY_NAME.name].resolve(string),))
            expected = [
                num for num in world.of_kind("companies") if string in world.text("companies", num, COMPANY_NAME)
            ]
            assert writer.searcher.companies_matching(node).tolist() == expected


def test_make_text_indexes_two_threads_equal_one(seed: int) -> None:
    columns = write_index(World(Random(seed)), SMALL).columns
    by_two = make_text_indexes(SMALL, columns, {})
    by_one = make_text_indexes(SMALL, columns, by_two)
    assert by_two.keys() == by_one.keys()
    for name, index in by_two.items():
        assert index.resolve("s").ids.tolist() == by_one[name].resolve("s").ids.tolist()
