"""`letrics import --preview`."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.conftest import Lines, Run

ROWS = "Vorname,Nachname,Firmendomain,E-Mail,Sternzeichen\nAnn,Abel,acme.example,ann@acme.example,Löwe\n"


def test_preview_without_data_writes_nothing(run: Run, tmp_path: Path, home: Path) -> None:
    path = tmp_path / "leads.csv"
    path.write_text(ROWS + "Bob,,,,\n")
    result = run("import", path, "--preview")
    assert "Vorname       first_name" in result.stdout and "(ignored)" in result.stdout
    assert '"full_name":"Ann Abel"' in result.stdout
    assert "of 2 rows: 1 new, 0 changed, 0 unchanged, 1 rejected; 1 companies created" in result.stdout
    assert not list(home.glob("*.db"))


def test_preview_names_the_footers_that_it_skips(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "companies.csv"
    path.write_text("Company,Website,Employees\nAcme,acme.example,3\nTotal,,3\n")
    result = run("import", path, "--preview")
    assert "1 line after the last row skipped, from line 3: “Total, 3”" in result.stdout
    assert "0 rejected; 1 blank or footer line skipped." in result.stdout
    [preview] = json.loads(run("import", path, "--preview", "--json").stdout)
    assert preview["counts"]["skipped"] == 1 and "“Total, 3”" in preview["notes"][0]


def test_preview_counts_against_the_stored_records(run: Run, lines: Lines, tmp_path: Path) -> None:
    rows = [{"domain": f"c{n}.example", "name": "A"} for n in range(3)]
    run("import", lines("companies.jsonl", rows))
    rows[0]["name"] = "B"
    path = lines("companies.jsonl", [*rows, {"domain": "d.example"}])
    [preview] = json.loads(run("import", path, "--preview", "--json").stdout)
    counts = preview["counts"]
    assert (counts["new"], counts["changed"], counts["unchanged"], preview["complete"]) == (1, 1, 2, True)
    assert [column["field"] for column in preview["columns"]] == ["domain", "name"]
    assert len(preview["records"]) == 4 and preview["kind"] == "companies"
    assert json.loads(run("status", "--json").stdout)["companies"] == 3
    assert json.loads(run("import", path, "--json").stdout)["changed"] == 1


def test_preview_of_several_files_shows_each(run: Run, lines: Lines, tmp_path: Path) -> None:
    path = tmp_path / "leads.csv"
    path.write_text(ROWS)
    previews = json.loads(
        run("import", lines("companies.jsonl", [{"domain": "a.example"}]), path, "--preview", "--json").stdout
    )
    assert [preview["kind"] for preview in previews] == ["companies", "contacts"]


def test_preview_says_that_many_names_would_change(run: Run, lines: Lines) -> None:
    run("import", lines("companies.jsonl", [{"domain": f"c{n}.example", "name": f"C {n}"} for n in range(5)]))
    path = lines("companies.jsonl", [{"domain": f"c{n}.example", "name": f"D {n}"} for n in range(5)])
    assert "the name of 5 of the 5 companies that they match: “C 0” → “D 0”" in run("import", path, "--preview").stdout
    [preview] = json.loads(run("import", path, "--preview", "--json").stdout)
    [changes] = preview["name_changes"]
    assert (changes["changed"], len(changes["examples"])) == (5, 3)
