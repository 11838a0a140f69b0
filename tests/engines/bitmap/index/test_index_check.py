"""Index check: what counts as a difference between two indexes, and what is reported."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

import numpy as np
import pytest
from pyroaring import BitMap

from letrics.engines.bitmap.index.index_check import index_differences
from letrics.engines.bitmap.index.index_writer import IndexWriter
from letrics.engines.bitmap.segment.segment import Segment
from tests.engines.bitmap.costs import SMALL, random_costs
from tests.engines.bitmap.world import World, changing_worlds, follow, write_index


def test_index_check_other_order_is_no_difference(seed: int) -> None:
    world = World(Random(seed), contacts=300)
    one, two = write_index(world, SMALL), write_index(world, SMALL)
    for pair in two.searcher.segments:
        for segment in (pair.companies, pair.contacts):
            for name in ("values", "flags", "times", "texts", "keys"):
                setattr(segment, name, dict(reversed(getattr(segment, name).items())))
    assert index_differences(two.searcher, one.searcher) == []


def test_index_check_segments_and_costs_are_no_difference(seed: int) -> None:
    rng = Random(seed)
    for world, writer in changing_worlds(rng, random_costs(rng)):
        assert index_differences(writer.searcher, write_index(world, random_costs(rng)).searcher) == []


def test_index_check_outdated_index_has_differences(seed: int) -> None:
    world = World(Random(seed))
    writer = write_index(world, SMALL)
    world.change()
    fresh = write_index(world, SMALL).searcher
    found = index_differences(writer.searcher, fresh)
    assert 0 < len(found) <= 20 and all(text.startswith("index of co") for text in found)
    follow(writer, world)
    assert index_differences(writer.searcher, fresh) == []


def _remove_alive(contacts: Segment) -> None:
    contacts.alive = contacts.alive - BitMap([3])


def _remove_flag(contacts: Segment) -> None:
    contacts.flags["contact.is_decision_maker"] = contacts.flags["contact.is_decision_maker"] ^ BitMap([3])


def _remove_term(contacts: Segment) -> None:
    contacts.values["company.industries"] = contacts.values["company.functions"]


def _swap_text(contacts: Segment) -> None:
    contacts.texts["contact.job_title"] = contacts.texts["contact.full_name"]


def _swap_key(contacts: Segment) -> None:
    contacts.keys["contact.email"].nums = contacts.keys["contact.email"].nums[::-1]


def _shift_time(contacts: Segment) -> None:
    contacts.times["contact.added"].times = contacts.times["contact.added"].times + 1


def _move_contacts(contacts: Segment) -> None:
    contacts.contacts_of_company = contacts.values["company.technologies"]


@pytest.mark.parametrize(
    ("damage", "reported"),
    [
        (_remove_alive, "the alive bitset lacks 1 records and has 0 extra ones, for example num 3"),
        (_remove_flag, "contact.is_decision_maker "),
        (_remove_term, "company.industries "),
        (_swap_text, "contact.job_title by word "),
        (_swap_key, "contact.email "),
        (_shift_time, "the values of contact.added differ"),
        (_move_contacts, "contacts of a company "),
    ],
)
def test_index_check_damaged_structure_is_reported(damage: Callable[[Segment], None], reported: str) -> None:
    world = World(Random(4))
    writer, fresh = write_index(world, SMALL), write_index(world, SMALL)
    damage(writer.searcher.segments[0].contacts)
    found = index_differences(writer.searcher, fresh.searcher)
    assert found and all(text.startswith("index of contacts: ") for text in found)
    assert any(reported in text for text in found), found


def test_index_check_empty_indexes_are_equal() -> None:
    world = World(Random(1), companies=1, contacts=0)
    one: IndexWriter = write_index(world, SMALL)
    assert index_differences(one.searcher, write_index(world, SMALL).searcher) == []
    assert not np.any(one.searcher.segments[0].contacts.nums)
