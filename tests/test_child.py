"""Isolated child processes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from letrics.child import NEUTRAL_DIRECTORY, ROOT, python_command, trusted_path


def run(program: str, *arguments: str) -> str:
    command = python_command(program, *arguments)
    return subprocess.run(command, capture_output=True, text=True, check=True, cwd=NEUTRAL_DIRECTORY).stdout


def test_python_command_passes_arguments_unchanged() -> None:
    given = ["a b", "", "--x", "'quoted'", "new\nline"]
    assert run("print(sys.argv[1:])", *given) == f"{given}\n"


def test_python_command_imports_the_same_modules() -> None:
    import apsw

    import letrics

    assert run("import apsw, letrics; print(letrics.__file__, apsw.__file__)").split() == [
        letrics.__file__,
        apsw.__file__,
    ]


def test_python_command_is_isolated(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    path = run("print(sys.flags.isolated, sys.path)")
    assert path.startswith("1 ") and str(tmp_path) not in path and "''" not in path and ROOT in path


def test_trusted_path_has_no_relative_entries(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "linked").symlink_to(tmp_path)
    monkeypatch.chdir(tmp_path)
    before = trusted_path()
    for entry in ("", ".", "lib", str(tmp_path), str(tmp_path / "linked")):
        monkeypatch.syspath_prepend(entry)
    assert trusted_path() == before
    monkeypatch.syspath_prepend("/usr/lib/letrics-test")
    assert trusted_path() == ["/usr/lib/letrics-test", *before]


def test_trusted_path_keeps_the_package_when_it_is_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.syspath_prepend(ROOT)
    assert ROOT in trusted_path() and sys.path[0] == ROOT
