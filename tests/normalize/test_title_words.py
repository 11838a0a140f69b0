"""Whole words of titles, and their spellings with abbreviations."""

from __future__ import annotations

import pytest
from hypothesis import given

from letrics.normalize.title_words import (
    MAX_SPELLINGS,
    abbreviations,
    spellings,
    split_words,
    word_keys,
    words_key,
)
from tests.hostile import texts
from tests.property import reading


def has_words(title: str, phrase: str) -> bool:
    return any(key in words_key(split_words(title)) for key in word_keys(phrase))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Sr. VP, Sales/Marketing", ("sr", "vp", "sales", "marketing")),
        ("Co-Founder & CEO", ("co", "founder", "ceo")),
        ("C++ and C# Developer", ("c", "+", "+", "and", "c", "#", "developer")),
        ("Ingénieur d’études", ("ingenieur", "d", "etudes")),
        ("営業 部長", ("営業", "部長")),
        (" & ", ()),
    ],
)
def test_split_words_leaves_out_punctuation(text: str, words: tuple[str, ...]) -> None:
    assert split_words(text) == words


@pytest.mark.parametrize(
    ("title", "phrase"),
    [
        ("Chief Technology Officer", "CTO"),
        ("CTO & Co-founder", "chief technology officer"),
        ("C.T.O.", "CTO"),
        ("Group CTO", "c.t.o."),
        ("Vice-President Sales", "VP, Sales"),
        ("VP of Human Resources", "Vice President of HR"),
        ("Sr Vice President", "SVP"),
        ("Senior Engineer", "Sr. Engineer"),
        ("Head of Research & Development", "head of R&D"),
        ("Cofounder", "Co-Founder"),
    ],
)
def test_word_keys_match_abbreviations_and_long_forms(title: str, phrase: str) -> None:
    assert has_words(title, phrase)


@pytest.mark.parametrize(
    ("title", "phrase"),
    [
        ("Director", "CTO"),
        ("Chief of Technology", "CTO"),
        ("Finance Managers", "Manager"),
        ("Sales, Vice President", "VP Sales"),
        ("Developer", "C"),
        ("Hydrologist", "HR"),
        ("Manager", "&"),
    ],
)
def test_word_keys_do_not_match_other_words(title: str, phrase: str) -> None:
    assert not has_words(title, phrase)


def test_word_keys_begin_with_the_words_as_written() -> None:
    assert word_keys("Sr. Engineer")[0] == "\nsr\nengineer\n"
    assert word_keys("...") == ()


@given(texts())
def test_spellings_of_any_text_are_few_and_distinct(text: str) -> None:
    words = split_words(text)
    found = spellings(words)
    assert found[0] == words and len(set(found)) == len(found) <= MAX_SPELLINGS
    assert words == reading.words(text)


@pytest.mark.parametrize("mark", ["\u0f71", "\u05b0", "\u093c", "\u20d0", "\u0301\u0f71"])
def test_mark_after_a_latin_letter_is_ignored(mark: str) -> None:
    assert split_words(f"Q{mark}A") == reading.words(f"Q{mark}A") == ("qa",)


@pytest.mark.parametrize("phrase", ["CTO", "Senior Vice President, Sales", "HR mgr", "R&D", "Director"])
def test_spellings_are_all_that_the_rule_gives(phrase: str) -> None:
    assert set(spellings(split_words(phrase))) == reading.spellings(split_words(phrase))


def test_spellings_of_many_abbreviations_are_limited() -> None:
    assert len(spellings(("sr",) * 12)) == MAX_SPELLINGS
    assert spellings(("sr",) * 13) == [("sr",) * 13]


def test_abbreviations_have_one_long_form_each() -> None:
    shorts = [short for short, _ in abbreviations()]
    assert len(set(shorts)) == len(shorts) > 60
    assert all(short and long and short != long for short, long in abbreviations())
    assert not {long for _, long in abbreviations()} & set(shorts)
