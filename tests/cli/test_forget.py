"""`letrics forget` and `letrics person`."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from letrics.store.connection import open_sqlite
from tests.cli.conftest import Lines, Run

JANE = "jane@acme.example"
PEOPLE = [
    {"id": "c1", "full_name": "Jane Doe", "emails": [JANE], "company_domain": "acme.example"},
    {"id": "c2", "full_name": "Bob Baker", "emails": ["bob@acme.example"], "company_domain": "acme.example"},
]


@pytest.fixture
def source(run: Run, lines: Lines) -> Path:
    path = lines("contacts.jsonl", PEOPLE)
    run("import", str(path))
    return path


def test_forget_shows_the_people_and_asks(run: Run, source: Path) -> None:
    done = run("forget", JANE, code=2)
    assert "c1  Jane Doe, acme.example  jane@acme.example" in done.stderr
    assert "not a terminal, pass --yes" in done.stderr
    assert json.loads(run("forget", "--list", "--json").stdout) == {"people": 0, "days": []}


def test_forgotten_person_is_not_imported_again(run: Run, source: Path) -> None:
    assert run("forget", JANE, "--yes").stdout == "1 contact erased\n"
    assert "1 row of forgotten people: not imported" in run("import", str(source)).stdout
    assert run("person", JANE, code=1).stdout == f"0 contacts with {JANE}\n"
    assert json.loads(run("forget", "--list", "--json").stdout)["people"] == 1
    assert run("forget", "--allow", "c1").stdout == "1 person may be imported again\n"
    assert "1 new" in run("import", str(source)).stdout


def test_forget_names_the_copies_that_were_set_aside(run: Run, source: Path, home: Path) -> None:
    for name in ("replaced-2026-11-29T231821Z", "before-repair", "before-0.2.0", "after-0.2.0", "uploads"):
        (home / name).mkdir(exist_ok=True)
    said = run("forget", JANE, "--yes").stderr
    assert said.endswith("delete after-0.2.0, before-0.2.0, before-repair, replaced-2026-11-29T231821Z\n")


def test_forget_takes_a_file_of_people(run: Run, source: Path, tmp_path: Path) -> None:
    (tmp_path / "requests.txt").write_text(f"{JANE}\n\n c2 \nlinkedin.com/in/jo\n")
    done = run("forget", "--file", str(tmp_path / "requests.txt"), "--yes", "--json")
    assert json.loads(done.stdout) == {"contacts": 2, "people": 3, "companies": 0, "not_stored": 1}


@pytest.mark.parametrize("words", [(), ("info@acme.example",), ("--list", "c1")])
def test_forget_refuses_what_names_no_person(run: Run, source: Path, words: tuple[str, ...]) -> None:
    assert run("forget", *words, "--yes", code=2).stdout == ""


def test_person_shows_the_record_and_its_imports(run: Run, source: Path) -> None:
    shown = json.loads(run("person", JANE, "--json").stdout)
    (found,) = shown["contacts"]
    assert found["contact"]["full_name"] == "Jane Doe"
    assert [(each["effect"], each["file"]) for each in found["imports"]] == [("made", "contacts.jsonl")]
    assert "made by import 1 of contacts.jsonl" in run("person", "c1").stdout


def test_person_with_a_damaged_contact_is_told_so(run: Run, home: Path, source: Path) -> None:
    with closing(open_sqlite(home / "letrics.db")) as connection:
        connection.execute("UPDATE contact SET document = CAST(replace(CAST(document AS TEXT), 'Doe', 'Dae') AS BLOB)")
    done = run("person", "c1", code=1)
    assert "Dae" not in done.output and "made by import 1" in done.stdout
    assert "the stored document of contact num 0 (id 'c1') is damaged and not shown" in " ".join(done.stderr.split())
    assert "Dae" not in run("show", "c1", code=1).output
    assert "Dae" not in run("forget", "c1", code=2).output


def test_retention_shows_and_deletes(run: Run, lines: Lines) -> None:
    old: list[dict[str, Any]] = [{"id": "old", "company_domain": "a.example", "updated_at": "2020-01-01"}, PEOPLE[0]]
    run("import", str(lines("contacts.jsonl", old)))
    assert "retention_days is 0" in run("retention", code=2).stderr
    assert json.loads(run("retention", "--days", "30", "--json").stdout)["expired"] == 1
    done = json.loads(run("retention", "--days", "30", "--apply", "--json").stdout)
    assert (done["expired"], done["deleted"]) == (1, 1)
    assert json.loads(run("retention", "--days", "30", "--json").stdout)["expired"] == 0
