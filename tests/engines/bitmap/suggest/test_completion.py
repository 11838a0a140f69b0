"""Completion: which values match a typed text, and in what order, against testing every value."""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest

from letrics.engines.bitmap.suggest.completion import find_values
from letrics.fields import INDUSTRIES, JOB_TITLE, LOCATIONS, TECHNOLOGIES, Fact
from tests.engines.bitmap.costs import SMALL, random_costs
from tests.engines.bitmap.steps import finish
from tests.engines.bitmap.world import World, changing_worlds, write_index

TYPED = ("s", "sa", "sales", "of", "head of", "steel", "manager", "e", "o", "r&d", "理", "zzz")


def _rank(text: str, typed: str) -> int:
    if text == typed:
        return 0
    return 1 if text.startswith(typed) else 2 if f" {typed}" in text else 3


@pytest.mark.parametrize("fact", [JOB_TITLE, INDUSTRIES, TECHNOLOGIES], ids=lambda fact: fact.name)
@pytest.mark.parametrize("number", range(3))
def test_find_values_any_typed_text_is_ranked_as_by_hand(number: int, fact: Fact, seed: int) -> None:
    rng = Random(seed + number)
    for world, writer in changing_worlds(rng, random_costs(rng)):
        counts = Counter(text for num in world.contacts for text in world.labels("contacts", num, fact))
        for typed in TYPED:
            found = finish(find_values(writer.searcher, "contacts", fact, typed, 50))
            matching = [text for text in counts if typed in text]
            order = [(_rank(text, typed), -counts[text]) for text in matching]
            if matching:
                texts = [fact.key(each.value) for each in found]
                assert [(_rank(text, typed), -counts[text]) for text in texts] == sorted(order), typed
                assert set(texts) == set(matching) and [each.count for each in found] == [counts[t] for t in texts]
                assert finish(find_values(writer.searcher, "contacts", fact, typed, 1)) == found[:1]


def test_find_values_without_text_gives_the_most_common(seed: int) -> None:
    world = World(Random(seed))
    counts = Counter(text for num in world.contacts for text in world.labels("contacts", num, INDUSTRIES))
    found = finish(find_values(write_index(world, SMALL).searcher, "contacts", INDUSTRIES, " ", 3))
    assert [each.count for each in found] == sorted(counts.values(), reverse=True)[:3]


def test_find_values_without_match_gives_similar_values() -> None:
    searcher = write_index(World(Random(1)), SMALL).searcher
    found = finish(find_values(searcher, "companies", INDUSTRIES, "sofware", 5))
    assert [each.value.strip() for each in found] == ["Software"]
    assert finish(find_values(searcher, "companies", LOCATIONS, "zzzz", 5)) == []
