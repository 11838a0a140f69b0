"""Corrections of the fields of columns that depend on the others."""

from __future__ import annotations

from letrics.ingest.column_corrections import is_any_name, is_site_of_company, without_own_site, without_rivals
from letrics.ingest.mapped_column import MappedColumn


def test_is_any_name_of_a_header_of_people_and_companies() -> None:
    assert is_any_name("contacts", "Name") and is_any_name("contacts", "properties.name")
    assert not is_any_name("contacts", "Full Name")


def test_without_own_site_leaves_out_what_may_be_the_persons() -> None:
    site = MappedColumn("website", "company_website", "alias", 1)
    assert without_own_site(site).field is None
    of_company = MappedColumn("organization.website", "company_website", "alias", 1)
    assert is_site_of_company(of_company) and not is_site_of_company(site)
    assert without_own_site(of_company) == of_company


def test_without_rivals_of_a_column_used_only_alone() -> None:
    column = MappedColumn("Title", "job_title", "alias", 9)
    assert without_rivals(column, [9]) == column
    assert without_rivals(column, [9, 1]).field is None
    assert without_rivals(column, [9, 8]).rank == 2
