"""Files with companies that have no domain: each is one company, and an export of them can be imported elsewhere."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from click.testing import CliRunner

from letrics.cli import cli

SHARED = """name,website,city
Bakery Ash,https://www.facebook.com/bakery-ash,Berlin
Cafe Birch,facebook.com/cafebirch,Hamburg
Cedar Studio,https://cedar.wordpress.com,Lyon
Dogwood Studio,https://dogwood.wordpress.com,Nice
Elm AG,https://www.linkedin.com/company/elm-ag,Bern
Fir AG,https://de.linkedin.com/company/fir-ag/about,Basel
Gum Shop,https://gum.myshopify.com,Oslo
Holly,https://sites.google.com/view/holly,Rome
Webflow,webflow.io,Austin
"""
PEOPLE = """full_name,email,linkedin_url,company_name,company_linkedin_url
Ann A,ann@gmail.com,,Elm AG,https://linkedin.com/company/elm-ag/
Bob B,bob@gmail.com,,Iris & Sons,
Cyd C,cyd@gmail.com,,Iris & Sons Ltd.,
Dan D,dan@jasmine.example,,,
Eve E,eve@gmail.com,https://www.linkedin.com/in/eve-e,,
"""


def run(home: Path, *args: str) -> str:
    result = CliRunner().invoke(cli, ["--home", str(home), *args])
    assert result.exit_code == 0, result.output
    return result.stdout


def records(home: Path, kind: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in run(home, "export", kind).splitlines()]


def test_files_without_domains_are_imported_and_exported(tmp_path: Path) -> None:
    (tmp_path / "companies.csv").write_text(SHARED)
    (tmp_path / "people.csv").write_text(PEOPLE)
    home = tmp_path / "home"
    run(home, "import", str(tmp_path / "companies.csv"), str(tmp_path / "people.csv"))
    companies = {company["name"]: company for company in records(home, "companies")}
    with_domain = {name: company["domain"] for name, company in companies.items() if company["domain"]}
    assert with_domain == {"Gum Shop": "gum.myshopify.com", "Webflow": "webflow.io", None: "jasmine.example"}
    assert len(companies) == 11
    assert companies["Cafe Birch"]["website"] == "https://facebook.com/cafebirch"
    assert companies["Fir AG"]["linkedin_url"] == "https://www.linkedin.com/company/fir-ag"
    assert companies["Fir AG"]["website"] is None
    employers = {person["full_name"]: person["company"] for person in records(home, "contacts")}
    assert employers["Ann A"]["id"] == companies["Elm AG"]["id"]
    assert employers["Bob B"]["id"] == employers["Cyd C"]["id"]
    assert employers["Dan D"]["id"] == "jasmine.example"
    assert employers["Eve E"] is None

    other = tmp_path / "other"
    for kind in ("companies", "contacts"):
        (tmp_path / f"{kind}.jsonl").write_text(run(home, "export", kind))
    run(other, "import", str(tmp_path / "companies.jsonl"), str(tmp_path / "contacts.jsonl"))
    for kind in ("companies", "contacts"):
        assert records(other, kind) == records(home, kind)


def test_a_domain_that_becomes_known_and_its_undoing(tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_text(PEOPLE)
    (tmp_path / "companies.csv").write_text(
        "name,domain,linkedin_url\nElm,elm.example,https://www.linkedin.com/company/elm-ag\nIris & Sons,iris.example,\n"
    )
    home = tmp_path / "home"
    run(home, "import", str(tmp_path / "people.csv"))
    before = run(home, "export", "companies"), run(home, "export", "contacts")
    run(home, "import", str(tmp_path / "companies.csv"))
    employers = {person["full_name"]: person["company"] for person in records(home, "contacts")}
    assert employers["Ann A"]["id"] == "elm.example"
    assert employers["Bob B"]["id"] == employers["Cyd C"]["id"] == "iris.example"
    run(home, "undo", "2")
    assert (run(home, "export", "companies"), run(home, "export", "contacts")) == before
    assert "0 new" in CliRunner().invoke(cli, ["--home", str(home), "import", str(tmp_path / "people.csv")]).output
