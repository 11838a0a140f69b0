"""The generated parts of the pages in docs are what the script writes."""

from __future__ import annotations

from pathlib import Path

import pytest

from scripts.write_reference import FOLDER, main, outdated


def test_outdated_pages_of_the_repository_are_none() -> None:
    assert [file.name for file in outdated()] == [], "run: python -m scripts.write_reference"


def test_outdated_page_has_its_new_text(tmp_path: Path) -> None:
    text = (FOLDER / "limits.md").read_text("utf-8")
    (tmp_path / "limits.md").write_text(text.replace("| URL | 16 KiB |", "| URL | 8 KiB |"))
    (tmp_path / "other.md").write_text("# A page without generated parts\n")
    assert outdated(tmp_path) == {tmp_path / "limits.md": text}


def test_main_without_outdated_pages_prints_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    main()
    assert capsys.readouterr().out == ""
