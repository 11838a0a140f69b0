"""Names used twice are found, unless they are exceptions; exceptions that nothing needs are found too."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from scripts.style.names import DATA, check_names


@pytest.fixture
def data(tmp_path: Path) -> Path:
    path = tmp_path / "names.toml"
    path.write_text('[modules]\n[classes]\n"Row" = "A reason."\n')
    return path


def _write(root: Path, **modules: str) -> None:
    for name, source in modules.items():
        path = root / "src" / "letrics" / f"{name.replace('__', '/', 1)}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(source)


def test_check_names_repeated_module_and_class_are_found(tmp_path: Path, data: Path) -> None:
    _write(
        tmp_path, a__rows="class Row: ...\n", b__rows="class Page: ...\n", b__row="\nclass Row: ...\nclass Page: ...\n"
    )
    found = [str(finding).partition(": rename")[0] for finding in check_names(tmp_path, data)]
    assert found == [
        "src/letrics/b/rows.py:1: the module name rows is also used by src/letrics/a/rows.py:1",
        "src/letrics/b/rows.py:1: the class name Page is also used by src/letrics/b/row.py:3",
    ]


def test_check_names_package_files_are_not_counted(tmp_path: Path, data: Path) -> None:
    _write(tmp_path, a____init__="", b____init__="", a__x="class Row: ...\n", b__y="class Row: ...\n")
    assert list(check_names(tmp_path, data)) == []


def test_check_names_unused_exception_is_found(tmp_path: Path, data: Path) -> None:
    _write(tmp_path, a__rows="class Row: ...\n")
    (found,) = check_names(tmp_path, data)
    assert found.problem == "the class name Row is not used twice"


def test_names_data_gives_a_reason_for_each_exception() -> None:
    for exceptions in tomllib.loads(DATA.read_text("utf-8")).values():
        assert all(len(reason) > 20 and reason.endswith(".") for reason in exceptions.values())
