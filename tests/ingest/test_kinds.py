"""Telling companies from contacts by name and columns."""

from __future__ import annotations

import pytest

from letrics.ingest.kinds import UnclearKind, find_kind


@pytest.mark.parametrize(
    ("path", "names", "kind"),
    [
        ("data/contacts.csv", ["company_domain", "full_name"], "contacts"),
        ("My People 2026.csv", [], "contacts"),
        ("leads.jsonl", ["email"], "contacts"),
        ("companies-2.jsonl.gz", ["website"], "companies"),
        ("Accounts.parquet", [], "companies"),
        ("-", ["Domain", "Name"], "companies"),
        ("-", ["company", "email"], "contacts"),
        ("-", ["Company Domain", "email"], "contacts"),
        ("company_contacts.csv", ["company_domain"], "contacts"),
        ("contacts/x.csv", ["domain"], "companies"),
        ("leads.csv", ["domain", "name"], "companies"),
        ("contacts.csv", ["domain", "first_name"], "contacts"),
        ("contacts.csv", ["website", "company_domain"], "contacts"),
    ],
)
def test_the_kind_is_found(path: str, names: list[str], kind: str) -> None:
    assert find_kind(path, names) == kind


@pytest.mark.parametrize(
    ("path", "names"),
    [("-", []), ("x.csv", ["name"]), ("x.csv", ["domain", "company_domain"]), ("x.csv", ["domain", "first_name"])],
)
def test_an_unclear_kind_is_not_guessed(path: str, names: list[str]) -> None:
    with pytest.raises(UnclearKind):
        find_kind(path, names)
