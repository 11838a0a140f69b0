"""Readers of numbers of employees and of size bands."""

from __future__ import annotations

from typing import Any

import pytest

from letrics.ingest.bands import read_band, read_employees
from letrics.normalize.headcount import MAX_HEADCOUNT
from letrics.records import EmployeesRange


@pytest.mark.parametrize(
    ("value", "least", "most"),
    [
        ("11-50", 11, 50),
        (" 1,001 - 5,000 ", 1001, 5000),
        ("1.001\u20135.000", 1001, 5000),
        ("51 to 200 employees", 51, 200),
        ("1-5k", 1000, 5000),
        ("1k-5k", 1000, 5000),
        ("500-1k", 500, 1000),
        ("10001+", 10_001, None),
        ("10,001+ employees", 10_001, None),
        ("10k+", 10_000, None),
        (">= 500", 500, None),
        (">500", 501, None),
        ("<10", None, 9),
        ("<= 10", None, 10),
        ("0-0", 0, 0),
        ({"min": 1, "max": None}, 1, None),
        ({"min": "11", "max": 50}, 11, 50),
    ],
)
def test_read_band_gives_its_ends(value: Any, least: int | None, most: int | None) -> None:
    assert read_band(value) == EmployeesRange(least, most)


@pytest.mark.parametrize("value", [None, "", " ", {}, {"min": None, "max": " "}])
def test_read_band_of_nothing_is_none(value: Any) -> None:
    assert read_band(value) is None


@pytest.mark.parametrize(
    ("value", "employees"),
    [
        ("1,200", 1200), ("1 200", 1200), ("1200.00", 1200), ("~200", 200), ("100 employees", 100), ("10k", 10_000),
        (12.0, 12), (None, None), (" ", None), ("11-50", EmployeesRange(11, 50)), ("51+", EmployeesRange(51, None)),
        ({"min": 7, "max": 7}, 7),
    ],
)  # fmt: skip
def test_read_employees_gives_a_number_or_a_band(value: Any, employees: Any) -> None:
    assert read_employees(value) == employees


@pytest.mark.parametrize(
    "value", ["50-11", "many", "1-2-3", "<0", "1,20", "-", "+", f"{MAX_HEADCOUNT + 1}+", {"min": 5, "max": 1}, "9" * 99]
)
def test_read_band_refuses_what_is_none(value: Any) -> None:
    with pytest.raises(ValueError, match=r"must be"):
        read_band(value)
