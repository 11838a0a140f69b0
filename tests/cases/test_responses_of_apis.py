"""Responses of the APIs of well-known tools, imported without options: objects, lists of objects, and lists of records.

The shapes are those of the tools' public manuals; the people and companies are invented. `responses.csv` has the
columns of each file and their fields.
"""

from __future__ import annotations

import csv
import json
from collections import defaultdict
from pathlib import Path
from typing import Final

import pytest

from tests.cases.forms import as_parquet
from tests.cases.importing import Input, expected_outcome, run_import

RESPONSES: Final = Path(__file__).parent / "responses.csv"
PERSON: Final = {"new": 1, "companies_new": 1}
COMPANY: Final = {"new": 1}
FILES: Final = {
    "Apollo people search": Input("contacts_of_apollo_search.json", {"new": 2, "companies_new": 2}),
    "Apollo enrichment": Input("contacts_of_apollo_enrichment.json", PERSON),
    "HubSpot contacts": Input("contacts_of_hubspot_api.json", PERSON),
    "HubSpot companies": Input("companies_of_hubspot_api.json", COMPANY),
    "Hunter domain search": Input(
        "contacts_of_hunter_search.json", {"new": 2, "companies_new": 1},
        says=["the rows are the values of 'emails' with domain, organization"],
    ),
    "People Data Labs person": Input(
        "contacts_of_people_data_labs.json", PERSON | {"warned": 1},
        warned=[(2, "phone_numbers", '"+15550101" is left out')],
    ),
    "People Data Labs company": Input("companies_of_people_data_labs.json", COMPANY),
    "Salesforce contacts": Input(
        "contacts_of_salesforce_query.json", PERSON,
        says=["values look like email addresses, but the column is ignored: Owner.Email"],
    ),
    "Salesforce accounts": Input("companies_of_salesforce_query.json", COMPANY),
    "Crunchbase organizations": Input("companies_of_crunchbase_api.json", COMPANY),
    "Crunchbase people": Input("contacts_of_crunchbase_api.json", PERSON),
    "Clearbit person": Input("contacts_of_clearbit.json", PERSON),
    "Clearbit company": Input("companies_of_clearbit.json", COMPANY),
    "Clearbit combined": Input("contacts_of_clearbit_combined.json", PERSON),
    "RocketReach": Input("contacts_of_rocketreach_api.json", PERSON),
    "Lusha": Input("contacts_of_lusha_api.json", PERSON),
    "Pipedrive": Input(
        "contacts_of_pipedrive_api.json", PERSON | {"warned": 1},
        warned=[(4, "phone.value", '"+49 30 1" is left out')],
    ),
    "Attio": Input("contacts_of_attio_api.json", PERSON),
    "schema.org": Input("contacts_of_schema_org.json", PERSON),
    "Google People": Input("contacts_of_google_people.json", PERSON),
    "Microsoft Graph": Input("contacts_of_microsoft_graph.json", PERSON),
    "Apollo organizations": Input(
        "companies_of_apollo_search.json", {"new": 2}, says=["the rows are also the values of 'accounts'"],
    ),
    "Apollo organization enrichment": Input("companies_of_apollo_enrichment.json", COMPANY),
    "Lusha prospecting": Input(
        "contacts_of_lusha_prospecting.json", PERSON, says=["the list 'companies' was not read"],
    ),
    "Lusha bulk": Input("contacts_of_lusha_bulk.json", {"new": 2, "companies_new": 1}),
    "Cognism": Input("contacts_of_cognism_api.json", PERSON),
    "Profiles with experiences": Input("contacts_of_profiles.json", PERSON),
    "JSON-LD graph": Input("contacts_of_json_ld.json", PERSON),
    "GraphQL": Input("contacts_of_graphql.json", PERSON),
    "Elasticsearch": Input("contacts_of_elasticsearch.json", PERSON),
    "Zoho": Input("contacts_of_zoho_api.json", PERSON),
    "Dynamics": Input("contacts_of_dynamics_api.json", PERSON),
    "FullContact": Input("contacts_of_fullcontact.json", PERSON),
    "Freshsales": Input("contacts_of_freshsales_api.json", PERSON),
    "Notion pages of people": Input("contacts_of_notion_api.json", PERSON),
    "Notion pages of companies": Input("companies_of_notion_api.json", COMPANY),
    "Airtable linked records": Input("contacts_of_airtable_api.json", {"new": 2, "companies_new": 2}),
    "Airtable companies": Input("companies_of_airtable_api.json", COMPANY),
    "Salesforce accounts with parents": Input("companies_of_salesforce_parents.json", COMPANY),
    "Intercom contacts": Input("contacts_of_intercom_api.json", PERSON),
    "Intercom companies": Input("companies_of_intercom_api.json", COMPANY),
    "Close contacts": Input("contacts_of_close_api.json", PERSON),
    "Attio companies": Input("companies_of_attio_api.json", COMPANY),
    "Affinity persons": Input("contacts_of_affinity_api.json", PERSON),
    "Affinity organizations": Input(
        "companies_of_affinity_api.json", COMPANY | {"warned": 1}, warned=[(3, "domains", '"acme.test" is left out')],
    ),
    "Copper people": Input("contacts_of_copper_api.json", PERSON),
    "Copper companies": Input("companies_of_copper_api.json", COMPANY),
    "Freshsales accounts": Input("companies_of_freshsales_api.json", COMPANY),
    "schema.org organization": Input("companies_of_schema_org.json", COMPANY),
    "schema.org related organizations": Input("companies_of_schema_org_relations.json", COMPANY),
    "JSON Resume": Input("contacts_of_json_resume.json", PERSON),
    "Microsoft Graph users": Input("contacts_of_microsoft_graph_users.json", PERSON),
    "Harvest": Input("contacts_of_harvest_api.json", PERSON),
    "HubSpot legacy contacts": Input(
        "contacts_of_hubspot_legacy.json", PERSON | {"warned": 1},
        warned=[(3, "addedAt", "1390574181854 must be a timestamp string")],
    ),
    "Google People jobs": Input("contacts_of_google_people_jobs.json", {"new": 2, "companies_new": 2}),
    "Pipedrive persons": Input("contacts_of_pipedrive_persons.json", PERSON),
    "Mixed objects": Input(
        "contacts_of_mixed_objects.jsonl", {"new": 7, "companies_new": 1, "companies_changed": 2, "warned": 2},
        warned=[(5, "phones.number", '"+1 555 0100" is left out'), (6, "account", '{"name":"Other"}')],
    ),
}  # fmt: skip


def read_responses() -> dict[str, dict[str, str | None]]:
    """The field of each column, by response."""
    fields = defaultdict[str, dict[str, str | None]](dict)
    for row in csv.DictReader(RESPONSES.read_text("utf-8").splitlines()):
        fields[row["response"]][row["column"]] = row["field"] or None
    return fields


@pytest.mark.parametrize("response", FILES)
def test_response_without_options_is_imported_whole(tmp_path: Path, response: str) -> None:
    input, fields = FILES[response], read_responses()[response]
    imported = run_import(input, tmp_path)
    ignored = [name for name, field in fields.items() if field is None]
    assert imported.outcome() == expected_outcome(input) | {"ignored": ignored}
    (mapping,) = imported.report()["mappings"]
    assert {column["name"]: column["field"] for column in mapping["columns"]} == fields


@pytest.mark.parametrize("response", ["People Data Labs person", "Clearbit company", "Lusha", "schema.org"])
def test_response_as_parquet_gives_the_same_records(tmp_path: Path, response: str) -> None:
    input = FILES[response]
    parquet = Input(input.name, input.counts, input.options, form=as_parquet, form_suffix=".parquet")
    found, expected = run_import(parquet, tmp_path).outcome(), expected_outcome(input)
    assert (found["counts"], found["records"]) == (expected["counts"], expected["records"])


def test_pages_of_a_response_are_imported_whole(tmp_path: Path) -> None:
    def pages(data: bytes) -> bytes:
        people = json.loads(data)["people"]
        return b"\n".join(json.dumps({"people": [person], "page": n}).encode() for n, person in enumerate(people))

    input = FILES["Apollo people search"]
    paged = Input(input.name, input.counts, form=pages, form_suffix=".json")
    found, expected = run_import(paged, tmp_path).outcome(), expected_outcome(input)
    assert (found["counts"], found["records"]) == (expected["counts"], expected["records"])
