"""The objects of a row whose fields are those of the row."""

from __future__ import annotations

from typing import Any

import pytest

from letrics.ingest.row_levels import MAX_LEVELS, find_levels


@pytest.mark.parametrize(
    ("row", "prefixes", "others"),
    [
        ({"name": "Ann"}, [""], set()),
        ({"properties": {"name": "Ann"}}, ["", "properties."], set()),
        ({"person": {"data": {"name": "Ann"}}, "company": {"name": "Acme"}}, ["", "person.", "person.data."], set()),
        ({"data": [{"name": "Ann"}]}, [""], set()),
        ({"first_name": "Ann", "contact": {"name": "Bob"}}, [""], {"contact"}),
        ({"data": {"first_name": "Ann", "contact": {"name": "Bob"}}}, ["", "data."], {"data.contact"}),
        ({"owner": {"name": "Bob"}, "location": {"city": "Berlin"}}, [""], set()),
    ],
)
def test_find_levels_of_wrappers_and_the_person(row: dict[str, Any], prefixes: list[str], others: set[str]) -> None:
    found = find_levels(row)
    assert [level.prefix for level in found.levels] == prefixes
    assert found.other_people == others


def test_find_levels_of_a_deep_row_stops() -> None:
    deep: Any = {"name": "Ann"}
    for _ in range(50):
        deep = {"data": deep}
    assert len(find_levels(deep).levels) == MAX_LEVELS + 1


def test_find_levels_of_an_object_in_a_row_have_its_name() -> None:
    levels, others = find_levels({"person": {"name": "Ann"}, "member": {"name": "Bob"}}, "data.")
    assert [level.prefix for level in levels] == ["data.", "data.person."]
    assert others == {"data.member"}
