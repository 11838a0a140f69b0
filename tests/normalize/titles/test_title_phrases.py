"""Words of job titles, and the phrases that are found in them."""

from __future__ import annotations

import pytest

from letrics.normalize.titles.title_phrases import BREAK, Phrases, split_title


@pytest.mark.parametrize(
    ("title", "words"),
    [
        ("Sr. VP, Sales & Marketing (m/w/d)", ["sr", "vp", BREAK, "sales", "and", "marketing"]),
        ("Co-Founder", ["co", "founder"]),
        ("Director - EMEA", ["director", BREAK, "emea"]),
        ("Chief's Clerk", ["chiefs", "clerk"]),
        ("Directeur d’usine", ["directeur", "d", "usine"]),
        ("C.E.O. @ Acme", ["ceo", "at", "acme"]),
        ("Müller/in", ["muller"]),
        ("", []),
    ],
)
def test_split_title_gives_folded_words_and_breaks(title: str, words: list[str]) -> None:
    assert split_title(title) == words


def found(phrases: Phrases[str], title: str) -> list[str]:
    return [value for _, _, value in phrases.find(split_title(title))]


def test_the_longest_phrase_hides_those_within() -> None:
    phrases: Phrases[str] = Phrases()
    phrases.add("president, head", "short")
    phrases.add("vice president", "long")
    assert found(phrases, "Vice President, President") == ["long", "short"]


def test_beginnings_and_endings_match_after_whole_words() -> None:
    phrases: Phrases[str] = Phrases()
    phrases.add("vertrieb*", "beginning")
    phrases.add("*leiter", "ending")
    phrases.add("projektleiter", "word")
    assert found(phrases, "Vertriebler Vertriebsleiter Projektleiter Leiter") == ["beginning", "ending", "word"]


def test_plurals_match_their_singular() -> None:
    phrases: Phrases[str] = Phrases()
    phrases.add("engineer", "singular")
    phrases.add("sales", "plural")
    assert found(phrases, "Engineers sales sale") == ["singular", "plural"]


def test_a_gap_holds_up_to_five_words_of_one_part() -> None:
    phrases: Phrases[str] = Phrases()
    phrases.add("chief ... officer", "gap")
    assert found(phrases, "Chief People and Culture Officer") == ["gap"]
    assert found(phrases, "Chief a b c d e Officer") == ["gap"]
    assert found(phrases, "Chief a b c d e f Officer") == []
    assert found(phrases, "Chief Engineer, Safety Officer") == []


def test_abbreviations_have_the_value_of_their_long_form() -> None:
    phrases: Phrases[str] = Phrases()
    phrases.add("marketing", "a")
    phrases.add("manager", "b")
    phrases.add("mgr", "own")
    phrases.add_abbreviations(max)
    assert found(phrases, "mktg mgr mngr kam ceo") == ["a", "own", "b", "b"]


def test_the_first_value_of_a_phrase_is_kept() -> None:
    phrases: Phrases[str] = Phrases()
    phrases.add("head", "first")
    phrases.add("head", "second")
    assert found(phrases, "head") == ["first"] and "head" in phrases and "tail" not in phrases
