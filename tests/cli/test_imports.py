"""`letrics imports`: every import is recorded, also one that stopped."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import CONTACTS, Lines, Run


def test_imports_before_the_first_says_so(run: Run, home: Path) -> None:
    run("import", "-", "--kind", "companies", "--dry-run", input='{"domain": "a.example"}\n')
    assert not (home / "letrics.db").exists()
    run("import", "-", "--kind", "companies", input='{"domain": "a.example"}\n')
    assert "companies  standard input  1 new, 0 changed, 0 unchanged" in run("imports").stdout


def test_imports_lists_one_import_per_file(loaded: Run) -> None:
    found = json.loads(loaded("imports", "--json").stdout)
    assert [(each["id"], each["file"], each["kind"], each["status"]) for each in found] == [
        (2, "contacts.jsonl", "contacts", "done"), (1, "companies.jsonl", "companies", "done"),
    ]  # fmt: skip
    assert found[0]["changes"]["new"] == 4
    assert [each["id"] for each in json.loads(loaded("imports", "--limit", "1", "--json").stdout)] == [2]


def test_imports_shows_one_with_its_columns(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text("Email,Company Domain,Shoe size\nann@acme.example,acme.example,38\n")
    run("import", path, "--source", "crm")
    shown = run("imports", "1").stdout
    assert "Email = emails" in shown
    assert "Company Domain = company_domain" in shown
    assert "1 column ignored: Shoe size" in shown
    assert json.loads(run("imports", "1", "--json").stdout)["source"] == "crm"


def test_unknown_import_is_a_data_problem(loaded: Run) -> None:
    assert "there is no import 9" in loaded("imports", "9", code=1).stderr


def test_stopped_import_is_recorded_as_failed(run: Run, lines: Lines) -> None:
    path = lines("contacts.jsonl", [*CONTACTS, {"shoe": 1}])
    run("import", path, "--max-errors", "1", code=1)
    [found] = json.loads(run("imports", "--json").stdout)
    counts = {name: found["report"][name] for name in ("rows", "rejected", "warned")}
    assert (found["status"], counts) == ("failed", {"rows": 5, "rejected": 1, "warned": 0})


def test_report_names_its_imports(run: Run, lines: Lines) -> None:
    path = lines("contacts.jsonl", CONTACTS)
    assert "to undo: letrics undo 1" in run("import", path).stdout
    assert json.loads(run("import", path, "--json").stdout)["imports"] == [2]


def test_report_of_a_stopped_import_says_how_to_undo_it(
    run: Run, lines: Lines, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LETRICS_BATCH_SIZE", "2")
    path = lines("contacts.jsonl", [*CONTACTS, {"shoe": 1}])
    stopped = run("import", path, "--max-errors", "1", code=1)
    assert "to undo: letrics undo 1" in stopped.stdout


def test_imports_names_ids_of_a_source_as_map_does(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "contacts.csv"
    path.write_text("Record ID,Email,Company Domain\n7,ann@acme.example,acme.example\n")
    run("import", path, "--source", "hubspot")
    assert json.loads(run("imports", "1", "--json").stdout)["mapping"]["Record ID"] == "id"
