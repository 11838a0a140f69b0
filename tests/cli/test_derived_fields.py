"""Seniority, department and decision maker of imported contacts: derived from the title, or given."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.cli.conftest import Run

HEADER = "id,company_domain,full_name,job_title,seniority,department\n"


def _facts(run: Run) -> dict[str, tuple[Any, ...]]:
    """By id: seniority, department, decision maker, derived fields."""
    names = ("seniority", "department", "is_decision_maker", "derived")
    contacts = map(json.loads, run("export", "contacts").stdout.splitlines())
    return {contact["id"]: tuple(contact[name] for name in names) for contact in contacts}


def _import(run: Run, path: Path, text: str) -> dict[str, Any]:
    path.write_text(text, "utf-8")
    report: dict[str, Any] = json.loads(run("import", path, "--kind", "contacts", "--json").stdout)
    return report


def test_import_derives_absent_fields_and_keeps_given_ones(run: Run, tmp_path: Path) -> None:
    text = HEADER + (
        "1,a.example,Ann Abel,VP Sales,,\n"
        "2,a.example,Bob Baker,Geschäftsführer,C suite,Board\n"
        "3,a.example,Cara Cole,Software Engineer,,\n"
        "4,a.example,Dan Dietz,,,\n"
    )
    assert _import(run, tmp_path / "people.csv", text)["new"] == 4
    every = ["department", "seniority", "is_decision_maker"]
    assert _facts(run) == {
        "1": ("vp", "Sales", True, every),
        "2": ("C suite", "Board", True, ["is_decision_maker"]),
        "3": ("entry", "Engineering", False, every),
        "4": (None, None, None, []),
    }
    assert _import(run, tmp_path / "people.csv", text)["unchanged"] == 4


def test_import_of_another_title_derives_again(run: Run, tmp_path: Path) -> None:
    _import(
        run, tmp_path / "first.csv", HEADER + "1,a.example,Ann Abel,Sales Manager,,\n2,a.example,Bob Baker,CEO,Owner,\n"
    )
    later = "id,company_domain,job_title\n1,a.example,Head of Marketing\n2,a.example,Accountant\n"
    assert _import(run, tmp_path / "second.csv", later)["changed"] == 2
    facts = _facts(run)
    assert facts["1"][:3] == ("head", "Marketing", True)
    assert facts["2"] == ("Owner", "Finance", False, ["department", "is_decision_maker"])
    given = "id,company_domain,seniority\n1,a.example,Director\n"
    assert _import(run, tmp_path / "third.csv", given)["changed"] == 1
    assert _facts(run)["1"] == ("Director", "Marketing", True, ["department", "is_decision_maker"])


def test_derived_fields_survive_export_to_another_home(run: Run, tmp_path: Path) -> None:
    _import(
        run, tmp_path / "people.csv", HEADER + "1,a.example,Ann Abel,VP Sales,,\n2,a.example,Bob Baker,CEO,Owner,\n"
    )
    for ending in ("csv", "jsonl"):
        path, other = tmp_path / f"copy.{ending}", tmp_path / ending
        run("export", "contacts", "-o", path)
        run("import", path, "--kind", "contacts", "--home", other)
        assert run("export", "contacts", "--home", other).stdout == run("export", "contacts").stdout
