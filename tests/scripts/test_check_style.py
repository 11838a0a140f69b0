"""The command: what it prints and its exit status, with each option."""

from __future__ import annotations

from pathlib import Path

import pytest

from scripts.check_style import main


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A small project with a violation of each kind but commits."""
    for name, text in {
        "README.md": "Whoever reads.\n",
        "docs/a.md": "The commonest value.\nA twin.\n",
        "src/letrics/a/x.py": "MAX = 3\n",
        "src/letrics/b/x.py": "",
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


def _run(project: Path, capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, list[str]]:
    status = main(arguments, project)
    return status, capsys.readouterr().out.splitlines()


def test_main_clean_project_exits_with_zero(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _run(tmp_path, capsys, "--only", "phrases") == (0, [])


def test_main_only_runs_the_named_check(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, lines = _run(project, capsys, "--only", "constants")
    assert status == 1
    assert [line.split(": ")[:2] for line in lines] == [["src/letrics/a/x.py:1", "the constant MAX has no sentence"]]


def test_main_paths_limit_the_report(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, lines = _run(project, capsys, "docs", "--only", "phrases")
    assert (status, lines) == (
        1,
        ['docs/a.md:1: "commonest": write most common', 'docs/a.md:2: "twin": write counterpart, or its name'],
    )
    assert _run(project, capsys, "tests", "--only", "phrases") == (0, [])


def test_main_summary_counts_files_and_folders(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, lines = _run(project, capsys, "--summary", "--only", "phrases")
    assert status == 1
    assert lines == [
        "findings by file",
        "     2  docs/a.md",
        "     1  README.md",
        "findings by folder",
        "     2  docs",
        "     1  (top level)",
        "findings by check",
        "     3  phrases",
        "     3  in all",
    ]


def test_main_invalid_module_exits_with_two(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "src/letrics/a/x.py").write_text("def\n")
    assert main(["--only", "constants"], project) == 2
    assert "src/letrics/a/x.py:1: not valid Python" in capsys.readouterr().err
