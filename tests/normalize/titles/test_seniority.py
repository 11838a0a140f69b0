"""The file of seniorities, and where its words count."""

from __future__ import annotations

import pytest

from letrics.normalize.titles.seniority import SENIORITIES, find_seniority, load
from letrics.normalize.titles.title_phrases import split_title


def seniority(title: str) -> str | None:
    return find_seniority(split_title(title))


def test_the_file_has_the_seniorities_in_their_order() -> None:
    assert tuple(load("seniorities.toml")["levels"]) == SENIORITIES


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Department Head", "head"),
        ("Cylinder Head Assembler", "entry"),
        ("Deputy Head Sales", "head"),
        ("Partner in charge", "partner"),
        ("Channel Partner Manager", "manager"),
        ("Wheelchair Assembler", "entry"),
        ("Data Owner", "entry"),
        ("Bakery Owner", "owner"),
        ("Owner, Manager", "owner"),
    ],
)
def test_words_count_only_where_their_class_says(title: str, expected: str) -> None:
    assert seniority(title) == expected


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Secretary to the Vice President", "entry"),
        ("Vice President Secretary", "entry"),
        ("Assistant Vice President", "vp"),
        ("Director, Administrative Assistant Services", "director"),
        ("Assistentin der Geschäftsleitung", "entry"),
        ("Manager at Vice President Hotels", "manager"),
    ],
)
def test_assistants_do_not_have_the_rank_of_others(title: str, expected: str) -> None:
    assert seniority(title) == expected


def test_interns_precede_all_others() -> None:
    titles = ("Trainee Manager", "Intern, Office of the CEO", "Trainee Program Manager")
    assert [seniority(title) for title in titles] == ["intern", "intern", "manager"]


def test_past_positions_and_bare_functions_have_none() -> None:
    assert [seniority(title) for title in ("Former CEO", "Retired", "Sales", "Member")] == [None] * 4
