"""The values of columns in the first rows."""

from __future__ import annotations

from letrics.ingest.column_values import values_of_columns
from letrics.ingest.rows import Members


def test_values_of_columns_are_texts_and_numbers() -> None:
    rows: list[Members] = [
        {"a": " x ", "b": [1, "y", None, {}], "c": 7},
        {"a": None, "b": {"k": 1}, "a.b": "z"},
        {"a": 10**30},
    ]
    values = values_of_columns(["a", "b", "d"], rows)
    assert {name: value.texts for name, value in values.items()} == {"a": ["x"], "b": ["1", "y"], "d": []}
    assert [name for name, value in values.items() if value.objects] == ["b"]


def test_values_are_numbers_in_json() -> None:
    values = values_of_columns(["a", "b"], [{"a": 12, "b": "12"}, {"a": None, "b": 12}])
    assert values["a"].are_numbers() and not values["b"].are_numbers()
