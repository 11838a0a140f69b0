"""Objects that wrap a value with its type."""

from __future__ import annotations

from typing import Any

import pytest

from letrics.ingest.typed_values import plain_value, refers_to_others, typed_key

TEXT = [{"type": "text", "text": {"content": "Head of "}, "plain_text": "Head of "}, {"plain_text": "Sales"}]


@pytest.mark.parametrize(
    ("value", "key", "plain"),
    [
        ({"id": "a", "type": "title", "title": TEXT}, "title", "Head of Sales"),
        ({"title": TEXT}, "title", "Head of Sales"),
        ({"rich_text": [{"text": {"content": "Acme"}}]}, "rich_text", "Acme"),
        ({"type": "rich_text", "rich_text": []}, "rich_text", ""),
        ({"type": "select", "select": {"id": "1", "name": "Software", "color": "red"}}, "select", "Software"),
        ({"type": "select", "select": None}, "select", None),
        ({"select": {"name": "Software"}}, "select", "Software"),
        ({"multi_select": [{"name": "React"}, {"name": "AWS"}]}, "multi_select", ["React", "AWS"]),
        ({"type": "number", "number": 7}, "number", 7),
        ({"type": "formula", "formula": {"type": "string", "string": "Acme"}}, "formula", "Acme"),
        (
            {"type": "rollup", "rollup": {"type": "array", "array": [{"type": "title", "title": TEXT}]}},
            "rollup",
            ["Head of Sales"],
        ),
    ],
)
def test_plain_value_of_an_object_with_its_type(value: dict[str, Any], key: str, plain: Any) -> None:
    assert typed_key(value) == key
    assert plain_value(key, value[key]) == plain


@pytest.mark.parametrize(
    "value",
    [
        {},
        {"email": "ann@acme.example"},
        {"id": "a", "type": "email", "email": "ann@acme.example"},
        {"type": "work", "number": "1"},
        {"number": "1"},
        {"title": "CTO"},
        {"title": [{"name": "CTO"}]},
        {"select": "x"},
        {"name": "Acme", "title": TEXT},
        {"type": "title", "title": TEXT, "a": 1, "b": 2, "c": 3},
        {"type": ["title"], "title": "x"},
    ],
)
def test_typed_key_of_another_object_is_nothing(value: dict[str, Any]) -> None:
    assert typed_key(value) is None


def test_references_are_no_values() -> None:
    assert typed_key({"type": "relation", "relation": [{"id": "x"}], "has_more": False}) == "relation"
    assert refers_to_others("relation") and refers_to_others("people") and not refers_to_others("title")
