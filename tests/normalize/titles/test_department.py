"""The file of departments, and which of several words decides."""

from __future__ import annotations

from collections import defaultdict

import pytest

from letrics.normalize.titles.department import find_department, meanings
from letrics.normalize.titles.seniority import load
from letrics.normalize.titles.title_phrases import split_title


def department(title: str) -> str | None:
    return find_department(split_title(title)).name


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Medical Sales", "Sales"),
        ("Medical Teacher", "Education"),
        ("Attorney Recruiter", "Human Resources"),
        ("Sales and Marketing", "Sales"),
        ("Marketing and Sales", "Marketing"),
        ("Machine Attendant", "Operations"),
        ("Machine Clerk", "Administration"),
        ("Clerk", "Administration"),
        ("Assistant Manager", None),
    ],
)
def test_the_strongest_word_decides(title: str, expected: str | None) -> None:
    assert department(title) == expected


@pytest.mark.parametrize("file", ["departments.toml", "seniorities.toml"])
def test_no_phrase_stands_in_two_classes(file: str) -> None:
    data = load(file)
    places: dict[str, set[str]] = defaultdict(set)
    for name, classes in data.get("levels", data).items():
        for kind, texts in classes.items() if isinstance(classes, dict) else ():
            for text in texts.values() if isinstance(texts, dict) else ():
                for phrase in map(str.strip, text.replace("\n", " ").split(",")):
                    words = " ".join(split_title(phrase.strip("*")))
                    assert words, (name, kind)
                    assert "*" not in phrase or " " not in phrase, phrase
                    key = "*" * phrase.startswith("*") + words + "*" * phrase.endswith("*")
                    places[key].add(f"{name} {kind}")
    assert {phrase: found for phrase, found in places.items() if len(found) > 1} == {}


def test_every_department_has_a_meaning() -> None:
    assert all(meanings().values()) and len(meanings()) == 18
