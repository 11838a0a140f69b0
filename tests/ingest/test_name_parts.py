"""Columns that together make a last name."""

from __future__ import annotations

from typing import Any

import pytest

from letrics.ingest.name_parts import join_name_parts


@pytest.mark.parametrize(
    ("own", "last"),
    [
        ({"last_name_prefix": "van den", "last_name": "Berg"}, "van den Berg"),
        ({"last_name_prefix": "van den", "last_name": "Van den Berg"}, "Van den Berg"),
        ({"last_name_prefix": "d'", "last_name": "Ancona"}, "d'Ancona"),
        ({"last_name": "García", "second_last_name": "López"}, "García López"),
        ({"last_name": "García López", "second_last_name": "Lopez"}, "García López"),
        ({"second_last_name": "López"}, "López"),
        ({"last_name_prefix": "de", "second_last_name": "López"}, "de López"),
        ({"last_name_prefix": None, "last_name": "Berg"}, "Berg"),
        ({"last_name": "Vandenberg", "last_name_prefix": "van"}, "van Vandenberg"),
    ],
)
def test_join_name_parts_makes_one_last_name(own: dict[str, Any], last: str) -> None:
    join_name_parts(own)
    assert own == {"last_name": last}


@pytest.mark.parametrize("own", [{}, {"first_name": "Ann"}, {"last_name": "Abel"}])
def test_join_name_parts_without_parts_changes_nothing(own: dict[str, Any]) -> None:
    before = dict(own)
    join_name_parts(own)
    assert own == before


def test_join_name_parts_of_a_prefix_alone_is_no_name() -> None:
    own: dict[str, Any] = {"first_name": "Ann", "last_name_prefix": "de"}
    join_name_parts(own)
    assert own == {"first_name": "Ann"}
