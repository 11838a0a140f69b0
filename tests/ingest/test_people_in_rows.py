"""Evidence in the values of a file that its names are those of people."""

from __future__ import annotations

from letrics.ingest.people_in_rows import (
    can_be_same,
    emails_have_names,
    has_personal_emails,
    have_legal_forms,
    name_words,
    names_differ,
)

ROWS = [
    {"Name": "Ann Abel", "Company": "Acme", "Email": "Ann Abel <ann@acme.example>"},
    {"Name": "Bob", "Company": "", "Email": "info@acme.example"},
    {"Name": "Zoë Öz", "Company": "Öz AG", "Email": "mailto:zoe.oez@oez.example; oez@mail.example"},
]


def test_names_differ_counts_rows_with_both_names() -> None:
    assert names_differ(ROWS, ["Name"], ["Company"])
    assert not names_differ([{"Name": "Acme", "Company": "ACME GmbH"}], ["Name"], ["Company"])
    assert names_differ(ROWS, ["Name"], ["Other"]) is None
    assert names_differ([], ["Name"], ["Company"]) is None


def test_has_personal_emails_ignores_roles() -> None:
    assert has_personal_emails(ROWS, ["Email"])
    assert not has_personal_emails(ROWS[1:2], ["Email"])
    assert has_personal_emails([{"Email": "unknown"}, {"Email": None}, {"Email": 7}], ["Email"]) is None


def test_have_legal_forms_needs_a_good_part_of_the_names() -> None:
    people = [{"Name": name} for name in ("Ann Abel", "Maria Costa", "Bob Baker", "Jo Co")]
    assert not have_legal_forms(people, ["Name"])
    assert have_legal_forms([{"Name": "Acme GmbH"}, {"Name": "Öz"}], ["Name"])
    assert not have_legal_forms([], ["Name"])


def test_emails_have_names_compares_words_of_names() -> None:
    assert emails_have_names(ROWS, ["Name"], ["Email"])
    assert not emails_have_names([{"Name": "Acme Ltd", "Email": "bob@acme.example"}], ["Name"], ["Email"])
    assert not emails_have_names([], ["Name"], ["Email"])


def test_can_be_same_person_by_the_words_of_names() -> None:
    assert name_words("Ábel, ANN") == {"abel", "ann"} == name_words("Ann Abel")
    assert can_be_same(name_words("Ann"), name_words("Abel, Ann"))
    assert not can_be_same(name_words("Ann Abel"), name_words("Bob Abel"))
