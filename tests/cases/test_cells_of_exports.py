"""Files whose cells are written as tools, spreadsheets and people write them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from letrics.cli import cli


@pytest.fixture
def imported(tmp_path: Path) -> Any:
    """Imports a CSV file of this name and content. Returns the report and the records of its kind."""

    def run(*words: str) -> str:
        result = CliRunner().invoke(cli, ["--home", str(tmp_path / "home"), *words])
        assert result.exit_code == 0, result.output
        return result.stdout

    def load(kind: str, text: str, *options: str) -> tuple[dict[str, Any], list[dict[str, Any]]]:
        path = tmp_path / f"{kind}.csv"
        path.write_text(text, "utf-8")
        report = json.loads(run("import", str(path), "--kind", kind, "--json", *options))
        return report, [json.loads(line) for line in run("export", kind).splitlines()]

    return load


def test_placeholders_replace_nothing(imported: Any) -> None:
    header = "email,full_name,job_title,phone,company_domain,company_name\n"
    imported("contacts", f"{header}a@acme1.example,Ann Abel,CEO,+49 30 1,acme1.example,Acme One\n")
    report, (ann, *_) = imported("contacts", f"{header}a@acme1.example,n/a,#N/A,NULL,acme1.example,unknown\n")
    assert (report["unchanged"], report["warned"]) == (1, 0)
    assert (ann["full_name"], ann["job_title"], ann["phone"]) == ("Ann Abel", "CEO", "+49 30 1")
    assert ann["company"]["name"] == "Acme One"


def test_placeholder_emails_join_nobody(imported: Any) -> None:
    rows = "".join(f"Ann{n},Archer,email_not_unlocked@domain.com,acme{n}.example\n" for n in range(3))
    report, contacts = imported("contacts", f"first_name,last_name,email,company_domain\n{rows}")
    assert (report["new"], report["warned"]) == (3, 0)
    assert [contact["emails"] for contact in contacts] == [[], [], []]


def test_variants_of_a_profile_are_one_contact(imported: Any) -> None:
    urls = (
        "https://www.linkedin.com/in/jane-doe", "https://www.linkedin.com/in/jane-doe/de",
        "https://uk.linkedin.com/in/jane-doe/en-us", "https://www.linkedin.com/in/jane-doe/overlay/contact-info/",
        "https://www.linkedin.com/mwlite/in/jane-doe", '"https://linkedin.com/in/jane-doe,"',
    )  # fmt: skip
    rows = "".join(f"Jane Doe,{url},acme1.example\n" for url in urls)
    report, (jane, *others) = imported("contacts", f"full_name,linkedin_url,company_domain\n{rows}")
    assert (report["new"], report["warned"], others) == (1, 0, [])
    assert jane["linkedin_url"] == "https://www.linkedin.com/in/jane-doe"


def test_mistyped_addresses_are_understood_or_reported(imported: Any) -> None:
    text = "domain,name,website\nhttps://www.https://acme1.com,A,\nhttp://https://acme5.com,E,\nacme4.con,D,acme4.com\n"
    report, companies = imported("companies", text)
    assert [company["domain"] for company in companies] == ["acme1.com", "acme5.com", "acme4.com"]
    assert report["warnings"]["domain"]["count"] == 1
    assert "there is no top-level domain .con" in report["warnings"]["domain"]["examples"][0]["reason"]


def test_numbers_of_employees_become_numbers_and_bands(imported: Any) -> None:
    cells = ("11-50", '"1,001-5,000"', "10001+", "10k+", "1 200", "~200", "Self-employed", "Nov-50", "many")
    rows = "".join(f"x{n}.com,{cell}\n" for n, cell in enumerate(cells))
    report, companies = imported("companies", f"domain,employees\n{rows}")
    bands = [company["employees_range"] and tuple(company["employees_range"].values()) for company in companies]
    assert bands == [(11, 50), (1001, 5000), (10_001, None), (10_000, None), None, None, None, (11, 50), None]
    assert [company["employees"] for company in companies] == [None] * 4 + [1200, 200, 1, None, None]
    assert (report["new"], report["rejected"], report["warned"]) == (9, 0, 1)


def test_founding_years_and_dates_of_each_form(imported: Any) -> None:
    cells = (
        ("2015-01-01", "2026-01-05 10:00:00 UTC"), ("Jan 2015", "2026-01-05 10:00:00 +0000"), ("2015", "2026/01/05"),
        ("0", "46027"), ("15", "0000-00-00"),
    )  # fmt: skip
    rows = "".join(f"x{n}.com,{year},{date}\n" for n, (year, date) in enumerate(cells))
    report, companies = imported("companies", f"domain,founded_year,added_at\n{rows}")
    assert [company["founded_year"] for company in companies] == [2015, 2015, 2015, None, None]
    hours = ["10", "10", "00", "00"]
    assert [company["added_at"] for company in companies[:4]] == [f"2026-01-05T{h}:00:00.000Z" for h in hours]
    assert {name: found["count"] for name, found in report["warnings"].items()} == {"founded_year": 2}


def test_several_and_dirty_emails_are_found(imported: Any) -> None:
    cells = (
        '"a0@acme.com, b0@acme.com"',
        "a1@acme.com ::: b1@acme.com",
        '"a2@acme.com\nb2@acme.com"',
        "a3@acme.com | b3@acme.com",
        "a4@acme.com / b4@acme.com",
        "a5@acme.com; b5@acme.com",
    )
    rows = "".join(f"{cell},A{n},acme.com\n" for n, cell in enumerate(cells))
    dirty = ('"a6@acme.com,"', "\u200ba7@acme.com\u200b", "'a8@acme.com'", "a9@acme.com (work)")
    rows += "".join(f"{cell},A{n},acme.com\n" for n, cell in enumerate(dirty, 6))
    report, contacts = imported("contacts", f"email,full_name,company_domain\n{rows}")
    found = [[email["value"] for email in contact["emails"]] for contact in contacts]
    assert found == [[f"a{n}@acme.com", f"b{n}@acme.com"] for n in range(6)] + [
        [f"a{n}@acme.com"] for n in range(6, 10)
    ]
    assert (report["new"], report["warned"]) == (10, 0)


def test_truth_values_phones_and_lists_of_each_form(imported: Any) -> None:
    header = "full_name,email,is_decision_maker,phone,company_domain,company_technologies,Departments\n"
    rows = "".join(
        f'{name},{name}@acme.com,{truth},"{phone}",acme.com,"React, AWS",{department}\n'
        for name, truth, phone, department in (
            ("ann", "x", '=""0301234""', "Sales"),
            ("bob", "Ja", "'0301235", '"C-Suite, Sales"'),
            ("cy", "1.0", "+1 5", "-"),
        )
    )
    report, contacts = imported("contacts", header + rows)
    assert [contact["is_decision_maker"] for contact in contacts] == [True, True, True]
    assert [contact["phone"] for contact in contacts] == ["0301234", "0301235", "+1 5"]
    assert [contact["department"] for contact in contacts] == ["Sales", "C-Suite", None]
    assert contacts[0]["company"]["technologies"] == ["React", "AWS"]
    assert {name: found["count"] for name, found in report["warnings"].items()} == {"Departments": 1}


def test_lists_with_commas_and_semicolons_are_split_at_semicolons(imported: Any) -> None:
    text = 'domain,industries\nx1.com,"SaaS, Software"\nx2.com,SaaS;Software\n'
    _, companies = imported("companies", text)
    assert [company["industries"] for company in companies] == [["SaaS, Software"], ["SaaS", "Software"]]
    _, companies = imported("companies", text, "--list-separator", ",")
    assert [company["industries"] for company in companies] == [["SaaS", "Software"], ["SaaS;Software"]]
