"""Values as literals of JSON, Python and JavaScript."""

from __future__ import annotations

import json

import pytest

from letrics.web.docs.code import WIDTH, Language, literal

VALUE = {"job_titles": ["head of"], "is_decision_maker": True, "cursor": None, "a-b": "café"}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("json", '{"job_titles": ["head of"], "is_decision_maker": true, "cursor": null, "a-b": "café"}'),
        ("python", '{"job_titles": ["head of"], "is_decision_maker": True, "cursor": None, "a-b": "café"}'),
        ("javascript", '{ job_titles: ["head of"], is_decision_maker: true, cursor: null, "a-b": "café" }'),
    ],
)
def test_literal_of_a_short_value_is_one_line(language: Language, text: str) -> None:
    assert literal(VALUE, language) == text


def test_literal_of_a_long_value_is_several_short_lines() -> None:
    value = {"names": [f"name {number}" for number in range(20)], "one": 1}
    text = literal(value)
    assert json.loads(text) == value
    assert max(map(len, text.splitlines())) <= WIDTH
    assert text.splitlines()[1].startswith('  "names": [')


def test_literal_in_an_indented_place_breaks_earlier() -> None:
    value = ["x" * 40, "y" * 38]
    assert "\n" not in literal(value)
    assert literal(value, "python", indent=8).splitlines()[-1] == "        ]"


@pytest.mark.parametrize(("value", "text"), [({}, "{}"), ([], "[]")])
def test_literal_of_an_empty_value_has_no_space(value: object, text: str) -> None:
    assert literal(value, "javascript") == text
