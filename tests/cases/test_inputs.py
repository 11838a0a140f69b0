"""Files of each kind that users have, with their whole result: exit code, counts, records, rejects and warnings."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Final

import pytest

from tests.cases.forms import as_pipes, as_tar, as_workbook, in_encoding
from tests.cases.importing import Input, expected_outcome, run_import

INPUT_FILES: Final = (
    Input("companies_on_shared_hosts.csv", {"new": 7}),
    Input(
        "companies_with_totals.csv", {"new": 3, "skipped": 5}, says=["“Total, 100135, €1,500,000”"],
        ignored=["Revenue"],
    ),
    Input(
        "companies_with_totals.csv", {"new": 3, "skipped": 5}, form=as_workbook, form_suffix=".xlsx",
        says=["“Total, 100135, €1,500,000”"], ignored=["Revenue"],
    ),
    Input(
        "companies_with_subtotals.csv", {"new": 5, "skipped": 4},
        says=["2 lines of totals between rows skipped, from line 4: “Subtotal, 150”, “Sous-total, 915”"],
    ),
    Input(
        "companies_with_subtotals.csv", {"new": 5, "skipped": 4}, form=as_workbook, form_suffix=".xlsx",
        says=["2 lines of totals between rows skipped"],
    ),
    Input(
        "contacts_of_flattened_json.csv", {"new": 2, "companies_new": 1},
        ignored=["emails/0/type", "experience/1/title", "experience/1/company/name"],
    ),
    Input("companies_of_flattened_lists.csv", {"new": 2}, ignored=["industries/1/id"]),
    Input("contacts_of_linked_records.csv", {"new": 2, "companies_new": 2}, ignored=["Company"]),
    Input(
        "contacts_below_groups.csv", {"new": 2, "companies_new": 2}, says=["line 3 names the columns"], ignored=["#"],
    ),
    Input(
        "contacts_below_groups_of_accounts.csv", {"new": 2, "companies_new": 2}, says=["line 2 names the columns"],
        ignored=["Account Phone"],
    ),
    Input(
        "companies_on_link_lists.csv", {"new": 5, "changed": 1, "merged": 1, "rejected": 1}, code=1,
        rejected=[(8, "website", "is a page on a host of many companies")],
    ),
    Input(
        "contacts_with_one_address_for_all.csv", {"new": 5, "companies_new": 4, "conflicts": 1, "duplicates": 1},
    ),
    Input(
        "contacts_with_a_shared_mailbox.csv",
        {"new": 5, "changed": 2, "merged": 2, "companies_new": 2, "conflicts": 1, "duplicates": 1},
    ),
    Input(
        "contacts_with_placeholders.csv",
        {"unchanged": 1, "companies_new": 1, "company_rows": 2, "rejected": 1, "warned": 1},
        before=["contacts_complete.csv"], code=1, rejected=[(5, None, "the row does not identify a contact")],
        warned=[(3, "job_title", '"CFO" is left out: the row names no person')],
    ),
    Input(
        "contacts_of_companies_alone.csv",
        {"new": 1, "companies_new": 3, "company_rows": 3, "rejected": 2, "warned": 4}, code=1,
        rejected=[(5, None, "does not identify a contact"), (6, "company_domain", "a contact needs its company")],
        warned=[(3, "First Name", '"Ann" is left out'), (3, "Phone", '"+49 30 1" is left out'),
                (3, "City", '"Berlin" is left out'), (4, "Email", '"bad@"')],
    ),
    Input(
        "contacts_without_a_person.jsonl", {"companies_new": 2, "company_rows": 3, "rejected": 1}, code=1,
        rejected=[(4, "company_domain", "a contact needs its company")],
    ),
    Input("contacts_named_like_placeholders.csv", {"new": 4, "companies_new": 1}),
    Input("companies_with_placeholders.csv", {"new": 5}),
    Input("companies_in_namibia.csv", {"new": 3}),
    Input("contacts_with_columns_of_tools.csv", {"new": 1, "companies_new": 1}),
    Input(
        "contacts_with_unusable_columns.csv", {"new": 1, "companies_new": 1},
        ignored=["Notiz", "Zweitkontakt", "Bewertung"],
        says=["values look like email addresses, but the column is ignored: Zweitkontakt"],
    ),
    Input("contacts_of_no_known_column.csv", code=2, says=["Alpha, Beta, Gamma"]),
    Input("contacts_with_invisible_characters.csv", {"new": 1, "companies_new": 1}),
    Input("companies_with_commas_and_semicolons.csv", {"new": 2}),
    Input("companies_with_commas_in_lists.csv", {"new": 3}),
    Input("companies_with_commas_in_one_value.csv", {"new": 2}),
    Input("contacts_of_text_formulas.csv", {"new": 3, "companies_new": 1}),
    Input("companies_in_areas.csv", {"new": 10}),
    Input("companies_in_regions.csv", {"new": 4}),
    Input("contacts_of_profile_variants.csv", {"new": 1, "changed": 5, "merged": 5, "companies_new": 1}),
    Input("contacts_of_profiles_and_pages.csv", {"new": 4, "unchanged": 2, "merged": 2, "companies_new": 1}),
    Input(
        "companies_of_mistyped_urls.csv", {"new": 5, "warned": 2},
        warned=[(4, "domain", "is not a domain"), (5, "domain", "there is no top-level domain .con")],
    ),
    Input("companies_of_employee_bands.csv", {"new": 12, "warned": 1}, warned=[(13, "employees", '"a few"')]),
    Input(
        "companies_of_founding_dates.csv", {"new": 6, "warned": 2},
        warned=[(4, "founded_year", '"0"'), (5, "founded_year", '"15"')],
    ),
    Input("companies_of_timestamps.csv", {"new": 5, "warned": 1},
          warned=[(5, "added_at", "pass --date-order dmy or mdy")]),
    Input("companies_of_dates_in_one_order.csv", {"new": 2}),
    Input("contacts_of_several_addresses.csv", {"new": 6, "companies_new": 1}),
    Input(
        "contacts_of_dirty_addresses.csv", {"new": 9, "companies_new": 1, "warned": 1},
        warned=[(10, "email", '"a9@ash"')],
    ),
    Input("contacts_of_short_rows.csv", {"new": 3, "companies_new": 1}),
    Input("contacts_with_a_footer.csv", {"new": 1, "companies_new": 1, "skipped": 4}, says=["“Leads with status”"]),
    Input("contacts_with_a_repeated_tag.csv", {"new": 1, "companies_new": 1}, ignored=["Tag", "Tag (2)"]),
    Input("contacts_with_phones_in_two_cases.csv", {"new": 3, "companies_new": 1}),
    Input("companies_with_commas_in_the_header.csv", {"new": 1}, ignored=["Note (a, b, c, d, e)"]),
    Input("companies_with_semicolons_in_the_header.csv", {"new": 1}, ignored=["tags (a;b;c;d)"]),
    Input("contacts_below_a_title.csv", {"new": 1, "companies_new": 1}, says=["line 3 names the columns"]),
    Input("contacts_with_umlauts.csv", form=in_encoding("cp1252"), form_suffix=".csv", code=2,
          says=["line 2 is not UTF-8", "Ann Ärger", "pass --encoding cp1252"]),
    Input("contacts_with_umlauts.csv", {"new": 3, "companies_new": 1}, ["--encoding", "cp1252"],
          form=in_encoding("cp1252")),
    Input("contacts_with_umlauts.csv", {"new": 3, "companies_new": 1}, form=in_encoding("utf-16-le")),
    Input("contacts_with_umlauts.csv", {"new": 3, "companies_new": 1}, form=in_encoding("utf-16-be")),
    Input("contacts_with_umlauts.csv", {"new": 3, "companies_new": 1}, form=as_pipes, form_suffix=".txt"),
    Input("contacts_with_umlauts.csv", {"new": 3, "companies_new": 1}, form=as_workbook, form_suffix=".xlsx"),
    Input("contacts_with_umlauts.csv", {"new": 3, "companies_new": 1}, form=gzip.compress, form_suffix=".csv.gz"),
    Input("contacts_with_umlauts.csv", form=as_tar, form_suffix=".tar.gz", code=2, says=["is a tar archive"]),
    Input("contacts_with_umlauts.csv", form=lambda _: bytes.fromhex("d0cf11e0a1b11ae1") + bytes(512),
          form_suffix=".xls", code=2, says=["is not a complete .xlsx or .xls workbook"]),
    Input("contacts_of_mixed_line_ends.csv", {"new": 3, "companies_new": 1}),
    Input("contacts_pretty.json", {"new": 1, "companies_new": 1}),
    Input("contacts_of_a_response.json", {"new": 2, "companies_new": 1}),
    Input("companies_of_places_in_one_text.jsonl", {"new": 2}),
    Input("contacts_of_truth_values.csv", {"new": 8, "companies_new": 1, "warned": 1},
          warned=[(9, "is_decision_maker", '"perhaps"')]),
    Input("contacts_without_domains.csv", {"new": 5, "companies_new": 3, "companies_changed": 1}),
    Input("contacts_of_two_companies.csv", {"new": 4, "companies_new": 2, "companies_merged": 1}),
    Input("contacts_with_accents.csv", {"new": 5, "companies_new": 1}),
    Input("contacts_of_similar_titles.csv", {"new": 4, "companies_new": 1}),
    Input("companies_of_formulas.jsonl", {"new": 2}),
)  # fmt: skip


@pytest.mark.parametrize("input", INPUT_FILES, ids=lambda input: input.label)
def test_input_gives_exactly_the_expected_result(tmp_path: Path, input: Input) -> None:
    assert run_import(input, tmp_path).outcome() == expected_outcome(input)
