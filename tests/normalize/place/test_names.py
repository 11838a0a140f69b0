"""Place names: the compared form, and the parts of a location."""

from __future__ import annotations

import pytest

from letrics.normalize.place.names import name_key, split_parts


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("St. Gallen", "st gallen"),
        ("Baden-Württemberg", "baden wurttemberg"),
        ("U.S.A.", "usa"),
        ("The Hague", "hague"),
        ("the", "the"),
        ("Côte d’Ivoire", "cote divoire"),
        ("Bosnia & Herzegovina", "bosnia and herzegovina"),
        (" Łódź ", "lodz"),
        ("...", ""),
    ],
)
def test_name_key_drops_case_accents_and_punctuation(text: str, key: str) -> None:
    assert name_key(text) == key


def test_text_that_is_too_long_for_a_name_has_no_key() -> None:
    assert name_key("a" * 10_000) == "a" * 10_000
    assert name_key("a" * 10_001) == name_key("\ufdfa" * 300_000) == ""


def test_split_parts_at_commas_of_any_script() -> None:
    assert split_parts(" a ,, b，c、 ") == ["a", "b", "c"]
