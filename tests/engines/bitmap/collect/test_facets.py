"""Facet collector: counts of values over matches against a Counter."""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest

from letrics.engines.bitmap.collect.facets import count_matches, facet, labels_of
from letrics.engines.bitmap.query.binder import find_matches
from letrics.fields import COMPANY_NAME, DEPARTMENT, INDUSTRIES, JOB_TITLE, LOCATIONS, TECHNOLOGIES, Fact
from letrics.normalize.place import place_label
from letrics.query import parse_request
from letrics.records import Kind
from tests.engines.bitmap.costs import SMALL, random_costs
from tests.engines.bitmap.steps import finish
from tests.engines.bitmap.world import World, changing_worlds, write_index

FACTS: dict[Kind, tuple[Fact, ...]] = {
    "contacts": (INDUSTRIES, TECHNOLOGIES, LOCATIONS, DEPARTMENT, JOB_TITLE),
    "companies": (INDUSTRIES, TECHNOLOGIES, LOCATIONS, COMPANY_NAME),
}


def _count(world: World, kind: Kind, fact: Fact, nums: list[int]) -> Counter[str]:
    """Folded value to the number of records; of locations only countries are counted."""
    if fact is LOCATIONS:
        keys = [key for num in nums for key in world.keys(kind, num, fact) if key.startswith("country:")]
        return Counter(str(place_label(key)) for key in keys)
    return Counter(value for num in nums for value in world.labels(kind, num, fact))


@pytest.mark.parametrize("kind", FACTS)
@pytest.mark.parametrize("number", range(4))
def test_facet_any_matches_and_costs_equal_a_counter(number: int, kind: Kind, seed: int) -> None:
    rng = Random(seed + number)
    for world, writer in changing_worlds(rng, random_costs(rng)):
        query = parse_request(kind, world.body(kind) if rng.random() < 0.7 else {}).query
        matches = finish(find_matches(writer.searcher, query))
        for fact in FACTS[kind]:
            found = finish(facet(writer.searcher, kind, fact, matches, 1_000))
            expected = _count(world, kind, fact, world.matches(query))
            fold = str if fact is LOCATIONS else fact.key
            assert {fold(each.value): each.count for each in found} == expected
            assert [(-each.count, each.value) for each in found] == sorted((-each.count, each.value) for each in found)
            for size in (1, 2, 3):
                assert finish(facet(writer.searcher, kind, fact, matches, size)) == found[:size]


def test_count_matches_every_id_has_its_count(seed: int) -> None:
    for world, writer in changing_worlds(Random(seed), SMALL):
        everyone = finish(find_matches(writer.searcher, parse_request("contacts", {}).query))
        counts = finish(count_matches(writer.searcher, "contacts", DEPARTMENT, everyone)).tolist()
        expected = _count(world, "contacts", DEPARTMENT, world.of_kind("contacts"))
        assert dict(zip(writer.searcher.dictionaries[DEPARTMENT.name].keys, counts, strict=True)) == {
            key: expected[key] for key in writer.searcher.dictionaries[DEPARTMENT.name].keys
        }


def test_labels_of_texts_and_values_are_by_id(seed: int) -> None:
    searcher = write_index(World(Random(seed)), SMALL).searcher
    assert labels_of(searcher, JOB_TITLE) is searcher.text_indexes[JOB_TITLE.name].forward_index
    assert labels_of(searcher, INDUSTRIES) is searcher.dictionaries[INDUSTRIES.name].labels
