"""Evidence in the values of a file that its names are those of people."""

from __future__ import annotations

from letrics.ingest.people_in_rows import emails_have_names, has_personal_emails, names_differ

ROWS = [
    {"Name": "Ann Abel", "Company": "Acme", "Email": "Ann Abel <ann@acme.example>"},
    {"Name": "Bob", "Company": "", "Email": "info@acme.example"},
    {"Name": "Zoë Öz", "Company": "Öz AG", "Email": "mailto:zoe.oez@oez.example; oez@mail.example"},
]


def test_names_differ_counts_rows_with_both_names() -> None:
    assert names_differ(ROWS, ["Name"], ["Company"])
    assert not names_differ([{"Name": "Acme", "Company": "ACME GmbH"}], ["Name"], ["Company"])
    assert not names_differ(ROWS, ["Name"], ["Other"])
    assert not names_differ([], ["Name"], ["Company"])


def test_has_personal_emails_ignores_roles() -> None:
    assert has_personal_emails(ROWS, ["Email"])
    assert not has_personal_emails(ROWS[1:2], ["Email"])
    assert not has_personal_emails([{"Email": "unknown"}, {"Email": None}, {"Email": 7}], ["Email"])


def test_emails_have_names_compares_words_of_names() -> None:
    assert emails_have_names(ROWS, ["Name"], ["Email"])
    assert not emails_have_names([{"Name": "Acme Ltd", "Email": "bob@acme.example"}], ["Name"], ["Email"])
    assert not emails_have_names([], ["Name"], ["Email"])
