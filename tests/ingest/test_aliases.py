"""The alias table: whether it is consistent, and the keys of headers."""

from __future__ import annotations

import pytest
from hypothesis import given

from letrics.ingest.aliases import ID_WITH_SOURCE, NAME, ONLY, UNUSED, alias_rows, aliases, header_key
from letrics.ingest.columns import COLUMNS
from letrics.records import KINDS, Kind
from tests.hostile import texts

LANGUAGES = {"English", "German", "French", "Spanish", "Italian", "Portuguese", "Dutch"}
TOOLS = {
    "Apollo", "HubSpot", "Salesforce", "Hunter", "Lusha", "Crunchbase", "LinkedIn Connections", "PhantomBuster",
    "Evaboot", "Wiza", "Surfe", "Clay", "Outreach", "Salesloft", "Lemlist", "ZoomInfo", "Cognism", "RocketReach",
    "Snov.io", "Pipedrive", "Attio", "Zoho", "Dynamics", "Google Contacts", "Outlook",
}  # fmt: skip


def test_alias_rows_cover_tools_and_languages() -> None:
    assert {row.tool for row in alias_rows()} >= LANGUAGES | TOOLS


def test_alias_rows_have_known_values() -> None:
    special = {UNUSED, ID_WITH_SOURCE, NAME}
    for row in alias_rows():
        assert row.kinds and header_key(row.header), row
        assert 0 < row.rank <= ONLY, row
        assert row.seen in ("export", "manual", "code", "general"), row
        for kind in row.kinds:
            prefix = "" if kind == "contacts" else "company_"
            assert special.union(COLUMNS[kind]).issuperset(field.removeprefix(prefix) for field in row.fields), row


@pytest.mark.parametrize("kind", KINDS)
def test_alias_rows_agree_about_each_header(kind: Kind) -> None:
    found: dict[str, object] = {}
    for row in alias_rows():
        if kind in row.kinds:
            assert found.setdefault(header_key(row.header), (row.fields, row.rank)) == (row.fields, row.rank), row


def test_aliases_name_all_tools_of_a_header() -> None:
    assert {"English", "Apollo"} <= set(aliases("contacts")["companynameforemails"].tools)


@pytest.mark.parametrize(
    ("header", "key"),
    [
        ("First Name", "firstname"),
        ("first_name", "firstname"),
        ("firstName", "firstname"),
        (" First-Name*: ", "firstname"),
        ("# Employees", "employees"),
        ("E-Mail", "email"),
        ("Prénom", "prenom"),
        ("PAI\u0301S", "pais"),
        ("Straße", "strasse"),
        ("İş", "is"),
        ("Company / Account", "companyaccount"),
        ("#", ""),
    ],
)
def test_header_key_ignores_spelling(header: str, key: str) -> None:
    assert header_key(header) == key


@given(texts())
def test_header_key_is_idempotent(header: str) -> None:
    assert header_key(header_key(header)) == header_key(header)


@pytest.mark.parametrize(
    ("preferred", "other"),
    [
        ("Linkedin URL Public", "Linkedin URL Unique ID"),
        ("Company Name", "Associated Company"),
        ("Direct Phone", "Phone 1"),
        ("Phone 1", "Phone 2"),
        ("Ort geschäftlich", "Ort privat"),
        ("Tél. fixe", "Tél. portable"),
    ],
)
def test_aliases_rank_the_better_column_first(preferred: str, other: str) -> None:
    first, second = (aliases("contacts")[header_key(header)] for header in (preferred, other))
    assert first.fields == second.fields
    assert first.rank < second.rank


@pytest.mark.parametrize("header", ["Personal Web Page", "Office Location"])
def test_aliases_of_persons_are_not_used_for_companies(header: str) -> None:
    assert (
        aliases("contacts")[header_key(header)].fields == aliases("companies")[header_key(header)].fields == (UNUSED,)
    )


def test_aliases_have_the_telephone_of_an_office() -> None:
    assert aliases("contacts")[header_key("Telefon (Büro)")].fields == ("phone",)
