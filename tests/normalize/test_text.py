"""Texts: the fold that comparisons use, and the cleaning of imported texts."""

from __future__ import annotations

from unicodedata import combining, normalize

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from letrics.ingest.values import MAX_LONG_TEXT
from letrics.normalize.text import (
    _BECOME_MARKS,
    MAX_FOLDED,
    CharacterTable,
    clean,
    fold,
    fold_all,
    fold_all_words,
    fold_name,
    fold_words,
    forbidden_character,
)
from tests.hostile import bounded

TEXT = st.text(max_size=8) | st.text(
    st.sampled_from("abAB ßİıſ部ก็ｅ\u3000\u00a0¨Σς\u0345ﷺ\u212a\t\n\x85.-"), max_size=6
)


@given(st.lists(TEXT, max_size=6))
@example([])
@example([""])
@example(["a\nb", "", " c  d "])
@example(["¨", "ﷺ"])
def test_all_at_once_is_one_by_one(texts: list[str]) -> None:
    assert fold_all(texts) == [fold(text) for text in texts]


@given(TEXT)
def test_fold_is_idempotent_and_ignores_case(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert fold(f"  {text}\n") == fold(text)
    if text.isascii():
        assert fold(text.upper()) == fold(text)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("  Head\t of  SALES ", "head of sales"),
        ("Straße", "strasse"),
        ("ＡＢＣ", "abc"),
        ("ﬁne", "fine"),
        ("Ångström", "ångström"),
        ("", ""),
        (" \u3000\n", ""),
    ],
)
def test_fold_gives_the_compared_form(text: str, folded: str) -> None:
    assert fold(text) == folded


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("José", "jose"), ("ØRSTED", "orsted"), ("Łódź", "lodz"), ("ıİI", "iii"), ("Straße", "strasse"),
        ("Άλφα", "αλφα"), ("D’Angelo D´Angelo", "d'angelo d'angelo"), ("“Chief” — Ops", '"chief" - ops'),
        ("Ingénieur  réseau", "ingenieur reseau"), ("x\u030cy", "xy"), ("й ё が한글", "й ё が한글"), ("Æther", "æther"),
        ("plain", "plain"), ("", ""),
    ],
)  # fmt: skip
def test_fold_words_drops_diacritics_and_typography(text: str, folded: str) -> None:
    assert fold_words(text) == folded
    assert fold_all_words([text, "B", text]) == [folded, "b", folded]


@given(st.lists(TEXT, max_size=6))
@example(["´", "é"])
def test_fold_all_words_is_one_by_one(texts: list[str]) -> None:
    assert fold_all_words(texts) == [fold_words(text) for text in texts]


def test_fold_of_many_marks_takes_linear_time_and_keeps_thirty() -> None:
    marks = "\u0301\u0323" * 30_000
    assert len(fold("a" + marks)) <= 32
    assert combining(fold("a" + marks)[-1])


@pytest.mark.parametrize("unit", ["\u0f73", "\u0f75\u0f81", "\u0301\uff9e", "\uff9f\u0323", "\u0344"])
def test_fold_of_many_marks_in_disguise_takes_linear_time(unit: str) -> None:
    for folded in (fold, fold_name, fold_words):
        with bounded(0.5):
            folded("a" + unit * 100_000)


def test_characters_that_become_marks_are_known() -> None:
    found = {c for c in map(chr, range(0x110000)) if not combining(c) and combining(normalize("NFKD", c)[0])}
    assert found == _BECOME_MARKS


@pytest.mark.parametrize("unit", ["\ufdfa", "\ufdfb", "\ufb03", "\U0001d160", "\uac01", "\u0130", "a\ufdfa "])
def test_fold_of_a_megabyte_takes_little_time(unit: str) -> None:
    for folded in (fold, fold_name, fold_words):
        with bounded(1):
            folded(unit * (1_000_000 // len(unit)))


def test_fold_compares_whole_texts_that_can_be_stored() -> None:
    assert MAX_FOLDED >= MAX_LONG_TEXT
    text = "é" * (MAX_FOLDED - 1)
    assert fold(text + "A") != fold(text + "B")


@pytest.mark.parametrize("count", [999, 1_000, 1_001, 2_500])
def test_fold_all_of_more_than_a_batch_keeps_the_order(count: int) -> None:
    texts = [f"Text  {number} É" if number % 7 else f"T{number}" for number in range(count)]
    assert fold_all(texts) == [fold(text) for text in texts]


@pytest.mark.parametrize(
    ("text", "folded"),
    [("Łódź", "lodz"), ("São Paulo", "sao paulo"), ("Þórshöfn", "thorshofn"), ("ıstanbul", "istanbul"), ("Æ", "ae")],
)
def test_fold_name_drops_accents(text: str, folded: str) -> None:
    assert fold_name(text) == folded
    assert fold_name(normalize("NFD", text)) == folded


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("  Acme\tInc\x00 ", "Acme Inc"),
        ("a\u2028b", "a b"),
        ("a  b", "a  b"),
        ("\u200b", "\u200b"),
        (" \n", None),
        ("", None),
        ("\x00\x1f", None),
    ],
)
def test_clean_replaces_control_characters(text: str, cleaned: str | None) -> None:
    assert clean(text) == cleaned


@pytest.mark.parametrize("text", ["\ud800", "a\udc80b"])
def test_clean_refuses_half_a_surrogate_pair(text: str) -> None:
    with pytest.raises(ValueError, match="half a surrogate pair"):
        clean(text)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a b", None),
        ("a\nb\t", None),
        ("\u3000", None),
        ("a\x00b\x01", "U+0000"),
        ("\x9f", "U+009F"),
        ("\ud800", "U+D800"),
    ],
)
def test_forbidden_character_is_the_first_one(text: str, found: str | None) -> None:
    assert forbidden_character(text) == found


def test_character_table_caches_the_basic_plane_only() -> None:
    calls: list[str] = []
    table = CharacterTable(lambda character: calls.append(character) or character.upper())  # type: ignore[func-returns-value]
    assert "aé𝒳".translate(table) == "AÉ𝒳" and "aé𝒳".translate(table) == "AÉ𝒳"
    assert calls == ["a", "é", "𝒳", "𝒳"]
