"""Segment writer: what a segment holds of each fact against plain records."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest

from letrics.engines.bitmap.segment.hash_index import hash_texts
from letrics.fields import facts_of
from letrics.records import KINDS, Kind
from tests.engines.bitmap.costs import SMALL, random_costs
from tests.engines.bitmap.world import World, write_index


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("number", range(4))
def test_write_segments_any_costs_hold_every_fact(number: int, kind: Kind, seed: int) -> None:
    rng = Random(seed + number)
    world = World(rng)
    world.change()
    searcher = write_index(world, random_costs(rng)).searcher
    (pair,) = searcher.segments
    segment, everyone = pair.of_kind(kind), world.of_kind(kind)
    assert list(segment.alive) == everyone and set(segment.covers) >= set(everyone)
    for fact in facts_of(kind):
        foreign = kind == "contacts" and fact.owner == "company"
        match fact.kind:
            case "values":
                for id_, key in enumerate(searcher.dictionaries[fact.name].keys):
                    expected = [num for num in everyone if key in world.keys(kind, num, fact)]
                    assert list(segment.values[fact.name].get(id_)) == expected, (fact.name, key)
            case "flag":
                expected = [num for num in everyone if fact.of(world.owner(kind, num, fact))]
                assert list(segment.flags[fact.name]) == expected, fact.name
            case "time" | "number":
                values = {num: world.number(kind, num, fact) for num in everyone}
                bound = next((value for value in values.values() if value is not None), 0)
                expected = [num for num, value in values.items() if value is not None and value <= bound]
                assert list(segment.times[fact.name].between(None, bound)) == expected, fact.name
            case "text" if not foreign:
                for id_, text in enumerate(searcher.text_indexes[fact.name].forward_index):
                    expected = [num for num in everyone if world.text(kind, num, fact) == text]
                    assert list(segment.texts[fact.name].texts.get(id_)) == expected, (fact.name, text)
            case "keys" if not foreign:
                for num in everyone:
                    keys = sorted(world.keys(kind, num, fact))
                    found = segment.keys[fact.name].find(hash_texts(keys))[1]
                    assert found.tolist() == len(keys) * [num]


def test_write_segments_large_one_has_ngram_bitmaps(seed: int) -> None:
    searcher = write_index(World(Random(seed)), SMALL).searcher
    text = searcher.segments[0].contacts.texts["contact.job_title"]
    index = searcher.text_indexes["contact.job_title"]
    assert text.pieces
    for piece, place in text.pieces.items():
        assert text.sets[place] == text.words.union(index.words_with(piece))


def test_write_segments_contacts_know_their_company(seed: int) -> None:
    world = World(Random(seed))
    segment = write_index(world, SMALL).searcher.segments[0].contacts
    assert segment.nums is not None and segment.company is not None and segment.contacts_of_company is not None
    assert dict(zip(segment.nums.tolist(), segment.company.tolist(), strict=True)) == {
        num: employer for num, (employer, _) in world.contacts.items()
    }
    for company in world.companies:
        expected = [num for num, (employer, _) in world.contacts.items() if employer == company]
        assert list(segment.contacts_of_company.get(company)) == expected
    assert segment.contacts_of_company.existing(np.array([10_000], np.uint32)).tolist() == []
