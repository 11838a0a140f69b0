"""Paths on the command line: an empty one is a usage error and never the current directory."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Lines, Run


@pytest.mark.parametrize(
    "words",
    [
        ["backup", ""], ["backup", "", "--verify"], ["restore", "", "--yes"], ["upgrade", "--back", ""],
        ["--home", "", "status"], ["import", "x.csv", "--home", ""], ["import", ""], ["import", "x.csv", ""],
        ["import", "x.csv", "--rejects", ""], ["import", "x.csv", "--map-file", ""], ["forget", "--file", "", "--yes"],
    ],
)  # fmt: skip
def test_empty_path_is_a_usage_error(
    run: Run, lines: Lines, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str]
) -> None:
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    (here / "x.csv").write_text("email\njane@acme.example\n")
    run("import", lines("contacts.jsonl", [{"id": "1", "full_name": "Jane Doe"}]))
    assert "is empty: pass" in run(*words, code=2).stderr
    assert [path.name for path in here.iterdir()] == ["x.csv"]
