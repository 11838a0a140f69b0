"""Exports of well-known tools, imported without options: each row is in, and each column with a field is used."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest

from tests.cases.forms import as_workbook, in_encoding
from tests.cases.importing import Input, expected_outcome, run_import
from tests.ingest.test_exports import EXPORTS

LEFT_OUT: Final = (2, "Departments", '"Sales" is left out: a contact has one department')
FILES: Final = {
    "Apollo people": Input(
        "contacts_of_apollo.csv", {"new": 3, "companies_new": 3, "warned": 1}, warned=[LEFT_OUT],
    ),
    "HubSpot contacts": Input("contacts_of_hubspot.csv", {"new": 3, "companies_new": 3}),
    "HubSpot companies": Input(
        "companies_of_hubspot.csv", {"new": 2},
        says=["values look like phone numbers, but the column is ignored: Phone Number"],
    ),
    "Salesforce leads": Input(
        "contacts_of_salesforce.csv", {"new": 2, "companies_new": 2, "skipped": 7}, says=["“Leads with status”"],
    ),
    "PhantomBuster": Input("contacts_of_sales_navigator.csv", {"new": 2, "companies_new": 2}),
    "Hunter domain search": Input("contacts_of_hunter.csv", {"new": 2, "companies_new": 1}),
    "Lusha contacts": Input("contacts_of_lusha.csv", {"new": 2, "companies_new": 2}),
    "Clay people": Input("contacts_of_clay.csv", {"new": 2, "companies_new": 2}),
    "Crunchbase companies": Input("companies_of_crunchbase.csv", {"new": 2}),
}  # fmt: skip
"""The file of each export in `tests/ingest/exports.csv` that is imported whole."""
BY_VALUES: Final = {"PhantomBuster": {"companyUrl": "company_linkedin_url"}}
"""The columns of exports whose field follows from the values: a column of websites that has LinkedIn pages."""
OTHER_FORMS: Final = (
    Input("contacts_of_salesforce.csv", {"new": 2, "companies_new": 2, "skipped": 7}, ["--encoding", "cp1252"],
          form=in_encoding("cp1252")),
    Input("contacts_of_salesforce.csv", form=in_encoding("cp1252"), form_suffix=".csv", code=2,
          says=["It looks like cp1252", "Jürgen", "pass --encoding cp1252"]),
    Input("contacts_of_sales_navigator.csv", {"new": 2, "companies_new": 2}, form=in_encoding("utf-16")),
    Input("contacts_of_excel.csv", {"new": 2, "companies_new": 2}, says=["line 2 names the columns"]),
    Input("contacts_of_excel.csv", {"new": 2, "companies_new": 2}, form=as_workbook, form_suffix=".xlsx"),
)  # fmt: skip
"""Exports in other forms of files, and a sheet that a person keeps."""


@pytest.mark.parametrize("export", FILES)
def test_export_without_options_is_imported_whole(tmp_path: Path, export: str) -> None:
    input, fields = FILES[export], EXPORTS[export][1]
    imported = run_import(input, tmp_path)
    ignored = [name for name, field in fields.items() if field is None]
    assert imported.outcome() == expected_outcome(input) | {"ignored": ignored}
    (mapping,) = imported.report()["mappings"]
    assert {column["name"]: column["field"] for column in mapping["columns"]} == fields | BY_VALUES.get(export, {})


@pytest.mark.parametrize("input", OTHER_FORMS, ids=lambda input: input.label)
def test_export_in_another_form_gives_the_same_records(tmp_path: Path, input: Input) -> None:
    found, expected = run_import(input, tmp_path).outcome(), expected_outcome(input)
    assert found | {"ignored": []} == expected | {"ignored": []}
