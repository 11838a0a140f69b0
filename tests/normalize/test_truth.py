"""Truth values in seven languages, as numbers and as marks."""

from __future__ import annotations

import pytest
from hypothesis import given

from letrics.normalize.truth import read_truth
from tests.hostile import texts

TRUE = [
    "true",
    "yes",
    "y",
    "t",
    "on",
    "x",
    "✓",
    "✔",
    "✅",
    "✔️",
    "1",
    "1.0",
    "1,0",
    "checked",
    "wahr",
    "ja",
    "j",
    "oui",
    "vrai",
    "sí",
    "si",
    "s",
    "verdadero",
    "sim",
    "verdadeiro",
    "sì",
    "vero",
    "waar",
]
FALSE = [
    "false",
    "no",
    "n",
    "f",
    "off",
    "✗",
    "❌",
    "0",
    "0.0",
    "0,00",
    "falsch",
    "nein",
    "non",
    "faux",
    "falso",
    "não",
    "nao",
    "onwaar",
    "nee",
]


@pytest.mark.parametrize(("words", "truth"), [(TRUE, True), (FALSE, False)])
def test_read_truth_knows_words_in_any_case(words: list[str], truth: bool) -> None:
    for word in words:
        for variant in (word, word.upper(), word.title(), f" {word} "):
            assert read_truth(variant) is truth


@pytest.mark.parametrize("text", ["", "perhaps", "2", "10", "0.5", "yes and no", "truee", "x" * 99, "-", "."])
def test_read_truth_refuses_other_text(text: str) -> None:
    with pytest.raises(ValueError, match="must be true or false"):
        read_truth(text)


@given(texts())
def test_read_truth_of_any_text_ends(text: str) -> None:
    try:
        assert read_truth(text) in (True, False)
    except ValueError:
        return
