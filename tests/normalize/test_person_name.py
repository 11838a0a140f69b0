"""Names of people with the last name first, and salutations without a name."""

from __future__ import annotations

import pytest

from letrics.normalize.person_name import first_name_first, is_last_name_first, is_salutation, without_salutation


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Abel, Ann", "Ann Abel"),
        ("von der Heide, Eva Maria", "Eva Maria von der Heide"),
        ("GARCÍA LÓPEZ, MARÍA", "MARÍA GARCÍA LÓPEZ"),
        ("Abel, Dr. Ann", "Dr. Ann Abel"),
        ("Abel, J.", "J. Abel"),
        ("Rossi Mario", "Mario Rossi"),
        ("LE GOFF Yann", "Yann LE GOFF"),
        ("Ann Maria Abel", "Ann Maria Abel"),
        ("Jane Doe, MBA", "Jane Doe, MBA"),
        ("ABEL ANN", "ABEL ANN"),
        ("Ann", "Ann"),
        ("", ""),
        (",", ","),
    ],
)
def test_first_name_first_turns_names_around(name: str, expected: str) -> None:
    assert first_name_first(name) == expected


@pytest.mark.parametrize(
    "name",
    ["Ann Abel", "John Smith, Jr.", "Jane Doe, MBA", "Jane Doe, Ph.D.", "Jane Doe, SHRM-CP, PhD", "Jane Doe, III",
     "Abel,", ", Ann", "Acme, 2nd floor", "a@b.example, Ann", "Berlin, Hamburg, Munich"],
)  # fmt: skip
def test_is_last_name_first_needs_a_first_name_after_a_comma(name: str) -> None:
    assert not is_last_name_first(name)


@pytest.mark.parametrize(
    "text", ["Dr.", "Mr", "Frau Prof. Dr.", "Herr", "Mme", "Sr.", "Sra", "Dott.ssa", "Dhr.", "drs. ir."]
)
def test_is_salutation_of_titles_is_true(text: str) -> None:
    assert is_salutation(text)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Frau Dr. Ann Abel", "Ann Abel"),
        ("Mr. Bob Baker", "Bob Baker"),
        ("Herr Baker", "Baker"),
        ("Frau", "Frau"),
        ("Don Draper", "Don Draper"),
        ("De Luca Anna", "De Luca Anna"),
        ("Dott.ssa Anna De Luca", "Anna De Luca"),
        ("Ann Abel", "Ann Abel"),
        ("", ""),
    ],
)
def test_without_salutation_leaves_the_name(name: str, expected: str) -> None:
    assert without_salutation(name) == expected


@pytest.mark.parametrize("text", ["", "CEO", "Dr. Abel", "Director", "Head of IT", "Ing. Mario Rossi", "Engineer"])
def test_is_salutation_of_other_texts_is_false(text: str) -> None:
    assert not is_salutation(text)
