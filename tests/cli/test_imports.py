"""`letrics imports`: every import is recorded, also one that stopped."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from letrics.store.connection import open_sqlite
from letrics.store.import_process import PROCESS, name_process
from letrics.store.import_record import ImportStart
from tests.cli.conftest import CONTACTS, Lines, Run
from tests.default_backends import open_store


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


def start_elsewhere(home: Path, file: str) -> str:
    """Begin an import of contacts by a process that has ended without a word; returns that process."""
    command = [sys.executable, "-c", "from letrics.store.import_process import *; print(name_process())"]
    process = subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    with open_store(home / "letrics.db") as store:
        store.start_import(ImportStart(kind="contacts", file=file, report={PROCESS: process}))
    return process


def test_import_of_a_killed_process_is_interrupted(loaded: Run, home: Path) -> None:
    process = start_elsewhere(home, "people.csv")
    assert "  interrupted  contacts  people.csv" in loaded("imports").stdout
    shown = loaded("imports", "3").stdout
    assert "interrupted" in shown and process not in shown
    found = json.loads(loaded("imports", "3", "--json").stdout)
    assert (found["status"], found["interrupted"], found["report"]) == ("running", True, {})
    loaded("undo", "3")
    assert json.loads(loaded("imports", "3", "--json").stdout)["status"] == "undone"


def test_import_of_a_running_process_is_not_interrupted(loaded: Run, home: Path) -> None:
    with open_store(home / "letrics.db") as store:
        store.start_import(ImportStart(kind="contacts", file="people.csv", report={PROCESS: name_process()}))
    assert "  running  contacts  people.csv" in loaded("imports").stdout
    assert "import 3 is still running" in loaded("undo", "3", code=1).stderr


def test_same_file_continues_an_interrupted_import(loaded: Run, lines: Lines, home: Path) -> None:
    start_elsewhere(home, "contacts.jsonl")
    said = loaded("import", lines("contacts.jsonl", CONTACTS)).stderr
    assert "import 3 of contacts.jsonl was interrupted after it had stored 0 records: this one continues it" in said
    assert "was interrupted" not in loaded("import", lines("contacts.jsonl", CONTACTS)).stderr


def test_damaged_import_is_named_and_the_others_listed(loaded: Run, home: Path) -> None:
    connection = open_sqlite(home / "letrics.db")
    connection.execute("UPDATE import SET mapping = x'7b' WHERE id = 2")
    connection.close()
    first, second = loaded("imports").stdout.splitlines()
    assert first.startswith("2  ") and "damaged: run `letrics check`" in first and second.startswith("1  ")
    assert "what cannot be read is missing here" in loaded("imports", "2").stdout
    assert "import 2 is damaged" in loaded("check", code=1).stdout
    assert "import 2 is undone" in loaded("undo", "2").stdout
