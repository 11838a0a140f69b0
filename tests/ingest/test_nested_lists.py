"""Lists of objects: the order of their values, and the current job."""

from __future__ import annotations

from typing import Any

import pytest

from letrics.ingest.nested_lists import columns_of, current_job


@pytest.mark.parametrize(
    ("objects", "numbers"),
    [
        ([{"n": 1}, {"n": 2, "primary": True}, {"n": 3, "type": "work"}], [2, 3, 1]),
        ([{"n": 1, "type": "mobile"}, {"n": 2, "label": "Direct dial"}, {"n": 3, "phoneType": "WORK"}], [2, 3, 1]),
        ([{"n": 1, "primary": "yes", "type": ["work"]}, {"n": None}, {"n": 2}], [1, 2]),
    ],
)
def test_columns_of_objects_have_preferred_values_first(objects: list[dict[str, Any]], numbers: list[int]) -> None:
    assert columns_of(objects)["n"] == numbers


@pytest.mark.parametrize(
    ("jobs", "current"),
    [
        ([{"n": 1, "is_current": True}, {"n": 2}], 1),
        ([{"n": 1, "current": True}, {"n": 2, "current": True}], None),
        ([{"n": 1, "current": False}], None),
        ([{"n": 1, "end_date": "2019"}, {"n": 2, "end_date": "Present"}], 2),
        ([{"n": 1, "ends_at": {"year": 2019}}, {"n": 2, "ends_at": None}], 2),
        ([{"n": 1, "end_date": "2019"}], None),
        ([{"n": 1}], 1),
        ([{"n": 1}, {"n": 2}], None),
        ([], None),
    ],
)
def test_current_job_is_the_only_one_that_can_be(jobs: list[dict[str, Any]], current: int | None) -> None:
    found = current_job(jobs)
    assert (None if found is None else found["n"]) == current
