"""Exports and lists in the style of tools, registers and spreadsheets, imported under a name that says nothing."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import pytest

from tests.cases.forms import as_workbook, as_zip, as_zst
from tests.cases.importing import Input, Rejected, expected_outcome, letrics, run_import


def neutral(name: str, new: int, companies_new: int = 0, ignored: str = "", warned: Sequence[Rejected] = ()) -> Input:
    """A file under a neutral name. `ignored` has the columns that are not used, with bars between them."""
    counts = {"new": new, "companies_new": companies_new, "warned": len(warned)}
    return Input(
        name, {field: count for field, count in counts.items() if count}, neutral=True, warned=warned,
        ignored=ignored.split("|") if ignored else (),
    )  # fmt: skip


FILES: Final = (
    neutral("companies_of_phantombuster.csv", 2, ignored="followerCount|query|timestamp"),
    neutral("companies_of_city_and_state.csv", 2, ignored="Phone"),
    neutral("companies_of_dynamics.csv", 2, ignored=(
            "(Do Not Modify) Account|(Do Not Modify) Row Checksum|(Do Not Modify) Modified On|Main Phone|"
            "Primary Contact|Email (Primary Contact)"
        )),
    neutral("companies_of_companies_house.csv", 1, ignored=(
            "CompanyNumber|RegAddress.CareOf|RegAddress.POBox|RegAddress.AddressLine2|CompanyStatus|"
            "CountryOfOrigin|DissolutionDate|URI"
        )),
    neutral("companies_of_sirene.csv", 1, ignored=(
            "siren|nic|siret|trancheEffectifsUniteLegale|activitePrincipaleUniteLegale|"
            "numeroVoieEtablissement|typeVoieEtablissement"
        )),
    neutral("companies_of_kvk.csv", 1, ignored="KvK-nummer|Vestigingsnummer|Huisnummer"),
    neutral("companies_of_handelsregister.csv", 1, ignored=(
            "Registergericht|Registernummer|Rechtsform|Geschäftsführer|Stammkapital|Eintragungsdatum"
        )),
    neutral("companies_of_hoovers.csv", 1, ignored=(
            "D-U-N-S® Number|Phone|Sales (USD)|D&B Hoovers Industry|US 8-Digit SIC Description"
        )),
    neutral("companies_in_states_and_territories.csv", 4),
    neutral("companies_with_two_addresses.csv", 3),
    neutral("companies_in_sales_territories.csv", 2, ignored="Territory"),
    neutral("companies_in_italian.csv", 2, ignored="Partita IVA|Telefono"),
    neutral("companies_in_portuguese.csv", 1, ignored="CNPJ|Bairro|Número|Telefone 1"),
    neutral("companies_of_accounts_by_tier.csv", 2, ignored="Tier|ICP"),
    neutral("companies_of_a_job_board.csv", 3, ignored="Job Title|Link|Date posted"),
    neutral("contacts_of_zoominfo.csv", 1, 1, ignored="ZoomInfo Contact ID"),
    neutral("contacts_of_seamless.csv", 1, 1, ignored="List|Email 1 Validation|Email 1 Total AI"),
    neutral("contacts_with_dutch_names.csv", 4, 1, ignored="Aanhef"),
    neutral("contacts_with_german_titles.csv", 2, 1, ignored="Anrede|Titel|Zweiter Vorname"),
    neutral("contacts_with_last_names_first.csv", 3, 1),
    neutral("contacts_in_one_cell_of_names.csv", 2, 1),
    neutral("contacts_with_spanish_names.csv", 1, 1, ignored="Tratamiento"),
    neutral("contacts_with_french_names.csv", 2, 1, ignored="Titre"),
    neutral("contacts_of_pipedrive.csv", 2, 2, ignored="Person - ID|Person - Owner|Person - Label"),
    neutral("contacts_of_zoho.csv", 2, 2, ignored=(
            "Record Id|Lead Owner|Salutation|Lead Source|Annual Revenue|Description"
        )),
    neutral("contacts_of_close.csv", 1, 1, ignored="status_label|date_created"),
    neutral("contacts_of_mailchimp.csv", 1, 1, ignored=(
            "Birthday|MEMBER_RATING|OPTIN_TIME|OPTIN_IP|CONFIRM_TIME|CONFIRM_IP|LATITUDE|LONGITUDE|"
            "GMTOFF|DSTOFF|TIMEZONE|CC|LAST_CHANGED|LEID|EUID|NOTES|TAGS"
        )),
    neutral("contacts_of_notion.csv", 1, 1, ignored="Tags|Created time|Last edited time"),
    neutral("contacts_of_airtable.csv", 1, 1, ignored="Attachments|Created"),
    neutral("contacts_of_monday.csv", 2, 2, ignored="Status|Last interaction|Item ID (auto generated)"),
    neutral("contacts_of_freshsales.csv", 1, 1, ignored="Work|Sales owner|Lifecycle stage|Facebook|Created at"),
    neutral("contacts_of_outlook.csv", 1, 1, ignored="Middle Name|Title|Suffix|Notes"),
    neutral("contacts_of_an_event.csv", 1, 1, ignored="Ticket Type|Registered At"),
    neutral("contacts_in_misplaced_locations.csv", 10, 1),
    neutral("contacts_of_metro_areas.csv", 2, 2),
    neutral("contacts_in_french.csv", 2, 2, ignored="Civilité"),
    neutral("contacts_of_swiss_companies.csv", 1, 1),
    neutral("contacts_one_of_two.csv", 1, 1, ignored="Contact 2 Name|Contact 2 Email"),
    neutral("contacts_with_several_phones.csv", 1, 1,
        warned=[(2, "Phones", '"+33111111111" is left out: a contact has one phone')]),
    neutral("contacts_of_german_customers.csv", 2, 2, ignored="Kunden-Nr."),
)  # fmt: skip
"""The files, in several languages, each with records that were checked by hand."""
OTHER_FORMS: Final = (
    Input("contacts_of_german_customers.csv", {"new": 2, "companies_new": 2}, ignored=["Kunden-Nr."], neutral=True,
          form=as_workbook, form_suffix=".xlsx"),
    Input("companies_with_two_addresses.csv", {"new": 3}, neutral=True, form=as_zip, form_suffix=".zip"),
    Input("contacts_with_dutch_names.csv", {"new": 4, "companies_new": 1}, ignored=["Aanhef"], neutral=True,
          form=as_zst, form_suffix=".csv.zst"),
)  # fmt: skip
"""Some of them as a workbook and compressed."""
MAPPED: Final = Input(
    "contacts_of_an_event.csv", {"new": 1, "companies_new": 1}, ["--map", "Registered At=", "--map", "Ticket Type="],
    ignored=["Ticket Type", "Registered At"], neutral=True,
)  # fmt: skip


@pytest.mark.parametrize("input", [*FILES, *OTHER_FORMS, MAPPED], ids=lambda input: input.label)
def test_file_with_a_neutral_name_has_its_records(tmp_path: Path, input: Input) -> None:
    assert run_import(input, tmp_path).outcome() == expected_outcome(input)


@pytest.mark.parametrize("name", ["contacts_of_zoominfo.csv", "companies_in_states_and_territories.csv"])
def test_import_of_a_file_again_changes_nothing(tmp_path: Path, name: str) -> None:
    first = next(input for input in FILES if input.name == name)
    imported = run_import(first, tmp_path)
    again = letrics(imported.home, "--json", "import", tmp_path / "export.csv")
    report = json.loads(again.stdout)
    assert (report["new"], report["changed"]) == (0, 0)
    assert report["unchanged"] == first.counts["new"]
