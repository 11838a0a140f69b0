"""Lists of items in one text."""

from __future__ import annotations

import pytest
from hypothesis import given

from letrics.ingest.values import MAX_ITEMS
from letrics.normalize.item_list import _MAX_NAME, _MAX_PARTS, _comma_names, split_items
from tests.hostile import bounded, texts


@pytest.mark.parametrize("text", ["a;b", "a; b ;", "a|b", "a | b", "a\nb", "a\r\nb", "a ::: b", ";;a;;b", "a ; | b"])
def test_split_items_at_each_separator(text: str) -> None:
    assert split_items(text) == split_items(text, commas=True) == ["a", "b"]


@pytest.mark.parametrize(
    ("text", "items"),
    [
        ("SaaS, Software", ["SaaS", "Software"]),
        ("a,b;c", ["a", "b", "c"]),
        ("Technology, Information and Internet", ["Technology, Information and Internet"]),
        (
            "SaaS, technology, information and internet, Banking",
            ["SaaS", "technology, information and internet", "Banking"],
        ),
        (
            "Bars, Taverns, and Nightclubs, Oil, Gas, and Mining",
            ["Bars, Taverns, and Nightclubs", "Oil, Gas, and Mining"],
        ),
        ("Farming, Ranching", ["Farming", "Ranching"]),
        (", ,", []),
    ],
)
def test_split_items_at_commas_keeps_known_names(text: str, items: list[str]) -> None:
    assert split_items(text, commas=True) == items
    if ";" not in text and items:
        assert split_items(text) == [text]


def test_split_items_at_commas_of_expanding_text_is_quick() -> None:
    text = ",".join(["\ufdfa" * 100_000, "SaaS", "Bars, Taverns, and Nightclubs", "\ufdfa" * 100_000] * 2)
    with bounded(0.5):
        items = split_items(text, commas=True)
    assert items[1:3] == ["SaaS", "Bars, Taverns, and Nightclubs"] and len(items) == 8


@pytest.mark.parametrize(("count", "kept"), [(4_997, True), (4_998, False)])
def test_split_items_of_a_list_with_too_many_items_is_quick(count: int, kept: bool) -> None:
    name = "Bars, Taverns, and Nightclubs"
    items = split_items("\ufdfa," * count + "," * 300_000 + name, commas=True)
    assert len(items) == count + (1 if kept else 3) and items[-1] == (name if kept else "and Nightclubs")
    assert MAX_ITEMS * 5 == _MAX_PARTS
    with bounded(0.5):
        split_items("\ufdfa," * 500_000, commas=True)


def test_split_items_compares_all_known_names() -> None:
    assert max(map(len, _comma_names())) * 2 <= _MAX_NAME


def test_split_items_at_a_given_separator_alone() -> None:
    assert split_items("a / b; c, d", separator="/") == ["a", "b; c, d"]
    assert split_items("a, b", separator=",") == ["a", "b"]


@given(texts())
def test_split_items_of_any_text_gives_items_that_stay(text: str) -> None:
    for item in split_items(text):
        assert split_items(item) == [item]
