"""The record of an import has the reasons of its rejected rows, and the warnings of its own file alone."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.cli.conftest import Run


def test_record_has_reasons_of_its_own_file(run: Run, tmp_path: Path) -> None:
    paths = []
    for name in ("one", "two"):
        paths.append(tmp_path / f"{name}.csv")
        paths[-1].write_text(
            f"Full Name,Email,Company Domain,Phone\n,,,{name}\nAnn,nobody,a.example,\nBob,b,a.example,\n"
        )
    run("import", *paths, code=1)
    records = {each["file"]: each["report"] for each in json.loads(run("imports", "--json").stdout)}
    for path in paths:
        report: dict[str, Any] = records[path.name]
        assert [(each["file"], each["line"]) for each in report["first_rejects"]] == [(str(path), 2)]
        assert report["warnings"]["Email"]["count"] == report["warned"] == 2
        assert [each["line"] for each in report["warnings"]["Email"]["examples"]] == (
            [3, 4] if path == paths[0] else [3]
        )
    shown = run("imports", "2").stdout
    assert "  2: the row does not identify a contact" in shown
    assert '  Email, line 3: "nobody" is not an email address' in shown


def test_record_of_a_failed_import_says_why(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text("Full Name,Email,Phone\n,,1\n,,2\n")
    run("import", path, "--max-errors", "1", code=1)
    [found] = json.loads(run("imports", "--json").stdout)
    assert (found["status"], "1" in found["report"]["problem"]) == ("failed", True)
