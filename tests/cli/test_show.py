"""`letrics show`: a record by its id, or the domain of a company, or a former id."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Lines, Run


def test_show_contact_prints_fields_and_company_below(loaded: Run) -> None:
    lines = loaded("show", "c1").stdout.splitlines()
    assert lines[:4] == ["id: c1", "first_name: Jane", "last_name: Doe", "full_name: Jane Doe"]
    assert "is_decision_maker: true" in lines
    assert "emails: jane@acme.example (personal); info@acme.example (generic)" in lines
    assert lines[lines.index("company:") + 1] == "  id: acme.example"
    assert "  locations: Berlin, Germany (DE, Europe); Springfield Nowhere, Atlantis" in lines
    assert not [line for line in lines if "None" in line or "{" in line]


@pytest.mark.parametrize("id", ["xn--bcher-kva.example", "BÜCHER.example"])
def test_show_company_by_its_domain_in_either_form(loaded: Run, id: str) -> None:
    assert loaded("show", id).stdout.startswith("id: xn--bcher-kva.example\ndomain: xn--bcher-kva.example\n")


def test_show_as_json_is_the_record_of_the_api(loaded: Run) -> None:
    sent = json.loads(loaded("show", "c1", "--json").stdout)
    found = json.loads(loaded("search", "contacts", "--json", "--per-page", 1).stdout)
    assert sent == {"data": found["data"][0], "meta": {}, "errors": []}


@pytest.mark.parametrize(
    ("args", "says"),
    [(("nobody",), "there is no contact or company nobody\n"),
     (("acme.example", "--kind", "contacts"), "there is no contact acme.example\n"),
     (("https://www.acme.example/about",), "/about: did you mean the domain acme.example?\n"),
     (("jane@acme.example",), "use letrics person jane@acme.example\n"),
     (("https://linkedin.example/in/jane",), "use letrics person https://linkedin.example/in/jane\n")],
)  # fmt: skip
def test_show_unknown_id_says_so(loaded: Run, args: tuple[str, ...], says: str) -> None:
    done = loaded("show", *args, code=1)
    assert done.stderr.startswith("letrics: there is no ") and done.stderr.endswith(says)
    assert done.stdout == ""


def test_show_id_of_both_kinds_shows_the_contact(loaded: Run, lines: Lines) -> None:
    loaded("import", lines("more_contacts.jsonl", [{"id": "acme.example", "full_name": "Ann Ace"}]))
    done = loaded("show", "acme.example")
    assert "full_name: Ann Ace" in done.stdout
    assert done.stderr == "there is also a company acme.example: to show it, add --kind companies\n"
    assert "name: Acme; the =firm" in loaded("show", "acme.example", "--kind", "companies").stdout


def test_show_former_id_is_the_record_that_it_became(run: Run, home: Path, lines: Lines) -> None:
    run("import", lines("contacts.jsonl", [{"full_name": "Jane Doe", "email": "jane@acme.example"}]))
    former = run("show", _only_id(run)).stdout.split()[1]
    run("import", lines("contacts2.jsonl", [{"id": "c7", "full_name": "Jane Doe", "email": "jane@acme.example"}]))
    assert _only_id(run) == "c7" != former
    assert run("show", former).stdout.startswith("id: c7\n")


def _only_id(run: Run) -> str:
    (record,) = json.loads(run("search", "contacts", "--json").stdout)["data"]
    return str(record["id"])
