"""What job titles tell, in seven languages."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from letrics.normalize.titles import NOTHING, TitleMeaning, derive
from letrics.normalize.titles.department import meanings as departments
from letrics.normalize.titles.seniority import DECISION_MAKERS, SENIORITIES
from letrics.normalize.titles.seniority import meanings as seniorities

TITLES: dict[str, dict[str, list[str]]] = tomllib.loads((Path(__file__).parent / "titles.toml").read_text("utf-8"))


@pytest.mark.parametrize("language", TITLES)
def test_titles_of_a_language_give_seniority_and_department(language: str) -> None:
    derived = {title: [derive(title).seniority or "", derive(title).department or ""] for title in TITLES[language]}
    assert derived == TITLES[language]


@pytest.mark.parametrize("seniority", SENIORITIES)
def test_decision_makers_are_directors_and_all_above(seniority: str) -> None:
    leading = ("owner", "founder", "c_suite", "partner", "vp", "head", "director")
    assert (seniority in DECISION_MAKERS) == (seniority in leading)


@pytest.mark.parametrize(
    ("title", "same"),
    [
        ("vp sales", "VP  SALES"),
        ("V.P. Sales", "VP Sales"),
        ("Geschäftsführer", "GESCHAEFTSFUEHRER"),
        ("Vertriebsleiter*in (m/w/d)", "Vertriebsleiter"),
        ("Directeur·rice commercial", "Directeur commercial"),
        ("Chargé(e) de communication", "Chargé de communication"),
        ("CEO/Founder", "CEO, Founder"),
        ("Sr. Software Engineer", "Senior Software Engineer"),
        ("Mktg Mgr", "Marketing Manager"),
        ("CSM", "Customer Success Manager"),
        ("GC", "General Counsel"),
        ("Ops Supv.", "Operations Supervisor"),
    ],
)
def test_spellings_of_a_title_tell_the_same(title: str, same: str) -> None:
    assert derive(title) == derive(same)


@pytest.mark.parametrize("title", ["", " ", "???", "12345", "—", "代表取締役", "Генеральный директор"])
def test_titles_without_known_words_tell_nothing(title: str) -> None:
    assert derive(title) == NOTHING


def test_a_decision_is_unknown_exactly_with_the_seniority() -> None:
    assert derive("Marketing") == (("Marketing", None, None))
    assert derive("Head of Marketing").is_decision_maker is True
    assert derive("Marketing Manager").is_decision_maker is False


@given(st.text(max_size=400))
def test_any_text_gives_values_of_the_lists(title: str) -> None:
    department, seniority, decides = derive(title)
    assert department in (None, *departments()) and seniority in (None, *seniorities())
    assert (decides is None) == (seniority is None)


def test_a_very_long_title_is_read_at_its_start() -> None:
    assert derive("CEO " + "x" * 10_000_000).seniority == "c_suite"


def test_a_word_of_many_s_takes_no_deep_stack() -> None:
    def beneath(calls: int) -> TitleMeaning:
        return beneath(calls - 1) if calls else derive("x" + "s" * 299)

    assert beneath(300) == NOTHING
