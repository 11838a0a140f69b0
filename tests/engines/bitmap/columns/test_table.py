"""Record tables: what the columns hold of each record."""

from __future__ import annotations

from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from letrics.engines.bitmap.columns.table import ColumnStore, RecordTable
from letrics.engines.bitmap.costs import DEFAULT_COSTS
from letrics.engines.bitmap.kernel.arrays import Nums
from letrics.engines.bitmap.segment.hash_index import hash_texts
from letrics.fields import CONTACT_UPDATED, Fact
from letrics.records import Email, Kind, Place, encode
from tests.engines.bitmap.costs import SMALL, random_costs
from tests.engines.bitmap.log import company, contact
from tests.engines.bitmap.world import World, changing_worlds, write_index

texts = st.text(max_size=12) | st.sampled_from(["", " ", "@", ".", "a@", "@b", "\x00", "xn--", "co.uk"])


@settings(deadline=None)
@given(st.lists(st.tuples(texts, texts, texts, st.integers()), min_size=1, max_size=5))
def test_column_store_any_text_and_number_makes_facts(rows: list[tuple[str, str, str, int]]) -> None:
    columns = ColumnStore(DEFAULT_COSTS)
    nums = list(range(len(rows)))
    columns.put_companies(
        np.array(nums, np.uint32),
        [
            encode(
                company(
                    "a.example", name=a, tld=b, industries=(a, b), locations=(Place(city=a, country=b, text=c),),
                    emails=(Email(a, "generic"),), linkedin_url=c, employees=n, founded_year=n,
                )
            )
            for a, b, c, n in rows
        ],
    )  # fmt: skip
    columns.put_contacts(
        np.array(nums, np.uint32),
        np.array(nums, np.uint32),
        [
            encode(contact(a, full_name=a, job_title=b, department=c, emails=(Email(b, "personal"),), linkedin_url=c))
            for a, b, c, _ in rows
        ],
    )
    assert columns.companies.alive.take(np.array(nums)).all() and columns.contacts.alive.take(np.array(nums)).all()


@pytest.mark.parametrize("number", range(3))
def test_record_table_changing_world_has_every_fact(number: int, seed: int) -> None:
    rng = Random(seed + number)
    for world, writer in changing_worlds(rng, random_costs(rng)):
        tables: tuple[tuple[Kind, RecordTable], ...] = (
            ("companies", writer.columns.companies),
            ("contacts", writer.columns.contacts),
        )
        for kind, table in tables:
            assert np.flatnonzero(table.alive.whole()).tolist() == world.of_kind(kind)
            nums = np.array(world.of_kind(kind), np.uint32)
            for fact in table.facts:
                assert _values(table, fact, nums) == [_expected(world, kind, num, fact) for num in nums.tolist()], fact


def _values(table: RecordTable, fact: Fact, nums: Nums) -> list[Any]:
    """What a table has of a fact, record by record."""
    match fact.kind:
        case "values":
            keys = table.dictionaries[fact.name].keys
            return [
                {keys[id_] for id_ in table.lists[fact.name].pairs(nums[[at]], nums[[at]])[0]}
                for at in range(len(nums))
            ]
        case "keys":
            return [set(table.keys[fact.name].pairs(nums[[at]], nums[[at]])[0].tolist()) for at in range(len(nums))]
        case "text":
            texts = table.forward_indexes[fact.name]
            return ["" if id_ < 0 else texts[id_] for id_ in table.texts[fact.name].take(nums).tolist()]
        case "flag":
            flags: list[Any] = table.flags[fact.name].take(nums).tolist()
            return flags
        case "number":
            has_value = table.flags[fact.name].take(nums).tolist()
            numbers = table.times[fact.name].take(nums).tolist()
            return [number if has else None for number, has in zip(numbers, has_value, strict=True)]
        case "time":
            times: list[Any] = table.times[fact.name].take(nums).tolist()
            return times


def _expected(world: World, kind: Kind, num: int, fact: Fact) -> Any:
    """The same of a plain record."""
    match fact.kind:
        case "values":
            return world.keys(kind, num, fact)
        case "keys":
            return set(hash_texts(sorted(world.keys(kind, num, fact))).tolist())
        case "text":
            return world.text(kind, num, fact)
        case "flag":
            return bool(fact.of(world.owner(kind, num, fact)))
        case "number" | "time":
            return world.number(kind, num, fact)


def test_record_table_malformed_documents_are_left_out_and_named(caplog: pytest.LogCaptureFixture) -> None:
    table, good = RecordTable("contact", DEFAULT_COSTS), encode(contact("c", job_title="Sales"))
    documents = [good if num % 2 else b'{"id":"secret"' for num in range(60)]
    table.put(np.arange(60, dtype=np.uint32), documents)
    assert np.flatnonzero(table.alive.whole()).tolist() == list(range(1, 60, 2))
    assert len(caplog.messages) == 20 and "contact num 0 is malformed" in caplog.messages[0]
    assert "more of them are not named here" in caplog.messages[-1] and "secret" not in caplog.text


def test_record_table_dropped_records_have_no_values() -> None:
    table = RecordTable("contact", DEFAULT_COSTS)
    nums = np.arange(3, dtype=np.uint32)
    table.put(nums, [encode(contact(str(num), job_title="Sales", department="IT")) for num in range(3)])
    table.drop(nums[1:2])
    assert table.alive.whole().tolist()[:3] == [True, False, True]
    assert table.texts["contact.job_title"].take(nums).tolist() == [0, -1, 0]
    assert table.lists["contact.department"].count.take(nums).tolist() == [1, 0, 1]


@pytest.mark.parametrize("number", [0, -5, 2**62, 2**62 + 1, -(2**62) - 1])
def test_record_table_extreme_numbers_are_clamped(number: int) -> None:
    table = RecordTable("company", DEFAULT_COSTS)
    table.put(np.zeros(1, np.uint32), [encode(company("a.de", employees=number))])
    assert table.times["company.employees"].part(0, 1).tolist() == [max(-(2**62), min(number, 2**62))]


def test_column_store_later_time_is_the_later_of_both(seed: int) -> None:
    world = World(Random(seed))
    columns = write_index(world, SMALL).columns
    nums = world.of_kind("contacts")
    found = columns.time_of(CONTACT_UPDATED, np.array(nums, np.uint32)).tolist()
    assert found == [world.number("contacts", num, CONTACT_UPDATED) for num in nums]
