"""Names of companies as they are compared: without legal form, punctuation and accents."""

from __future__ import annotations

import pytest

from letrics.normalize.company_names import company_name_key, has_legal_form
from tests.hostile import bounded


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Acme", "acme"),
        ("Acme, Inc.", "acme"),
        ("ACME Ltd", "acme"),
        ("Acme GmbH & Co. KG", "acme"),
        ("Acme Sp. z o.o.", "acme"),
        ("Acme S. A. de C. V.", "acme"),
        ("Acme Pty Ltd", "acme"),
        ("Acme B.V.", "acme"),
        ("Müller A/S", "muller"),
        ("Fox AG", "fox"),
        ("Baker & Sons Ltd.", "baker & sons"),
        ("Société Générale S.A.", "societe generale"),
        ("SARL Dupont", "dupont"),
        ("ООО Ромашка", "ромашка"),
        ("株式会社トヨタ", "トヨタ"),
        ("C&A", "c&a"),
        ("Marks and Spencer plc", "marks and spencer"),
        ("L'Oréal", "loreal"),
    ],
)
def test_company_name_key_is_without_the_legal_form(name: str, key: str) -> None:
    assert company_name_key(name) == key
    assert company_name_key(key) == key


@pytest.mark.parametrize(("name", "key"), [("AG", "ag"), ("Co. Ltd", "co"), ("", ""), ("?!", ""), (" & ", "")])
def test_company_name_key_keeps_one_word(name: str, key: str) -> None:
    assert company_name_key(name) == key


@pytest.mark.parametrize(("words", "key"), [("pt ", "pt"), ("y ", "y"), ("ltd ", "ltd")])
def test_a_long_name_of_legal_forms_keeps_a_word(words: str, key: str) -> None:
    with bounded(0.5):
        assert company_name_key(words * 20_000) == key


@pytest.mark.parametrize("unit", ["\ufdfa", "\u0f73", "\u0301\uff9e"])
def test_company_name_key_of_a_megabyte_takes_little_time(unit: str) -> None:
    with bounded(1):
        company_name_key(unit * (1_000_000 // len(unit)))


@pytest.mark.parametrize(
    ("name", "has_form"),
    [
        ("Acme, Inc.", True),
        ("Öz AG", True),
        ("ООО Acme", True),
        ("Acme", False),
        ("GmbH", False),
        ("Ann Abel", False),
        ("", False),
    ],
)
def test_has_legal_form_needs_another_word(name: str, has_form: bool) -> None:
    assert has_legal_form(name) == has_form
