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
        ("x.csv", ["domain", "first_name"], "contacts"),
        ("companies.csv", ["Vorname", "Nachname", "Firma"], "contacts"),
        ("x.csv", ["Firma", "Branche", "E-Mail"], "companies"),
        ("x.csv", ["email"], "contacts"),
        ("x.csv", ["Name", "Email"], "contacts"),
        ("x.csv", ["Name", "Website", "Email", "Phone"], "companies"),
        ("x.csv", ["Title", "Website", "Phone", "Category"], "companies"),
        ("x.csv", ["Account Name", "Billing City", "Industry", "Employees", "Account Owner"], "companies"),
        ("x.csv", ["Organization Name", "Organization Name URL", "Industries", "LinkedIn"], "companies"),
        ("x.csv", ["Email address", "Domain name", "Organization", "Type", "Position"], "contacts"),
        ("company_list.csv", ["Company Name", "Company Domain"], "companies"),
        ("lead_companies.csv", ["Company Name", "Company Domain"], "companies"),
    ],
)
def test_the_kind_is_found(path: str, names: list[str], kind: str) -> None:
    assert find_kind(path, names) == kind


@pytest.mark.parametrize(
    ("path", "names"),
    [("-", []), ("x.csv", ["name"]), ("x.csv", ["domain", "company_domain"])],
)
def test_an_unclear_kind_is_not_guessed(path: str, names: list[str]) -> None:
    with pytest.raises(UnclearKind):
        find_kind(path, names)
