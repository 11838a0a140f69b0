"""The contents list of the manual has every page of docs, in the order of the index page, and the package has them."""

from __future__ import annotations

import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from letrics.web.docs.contents import INDEX, chapters, contents, manual_folder

ROOT = Path(__file__).parents[3]
REPOSITORY_ONLY = {"gallery"}
"""Pages of docs that a server does not show."""


def test_contents_has_every_page_once() -> None:
    names = [chapter.name for chapter in chapters()]
    assert len(names) == len(set(names))
    assert set(names) == {file.stem for file in (ROOT / "docs").glob("*.md")} - REPOSITORY_ONLY


def test_contents_are_in_the_order_of_the_index_page() -> None:
    text = (ROOT / "docs" / f"{INDEX}.md").read_text("utf-8")
    assert [chapter.name for chapter in chapters()][1:] == re.findall(r"^- \[[^\]]+\]\(([\w-]+)\.md\): .", text, re.M)
    assert [heading for heading, _ in contents()] == ["", *re.findall(r"^## (.+)$", text, re.M)][: len(contents())]
    assert contents()[0][1][0].path == "/docs"


def test_contents_have_the_title_of_each_page() -> None:
    for chapter in chapters()[1:]:
        assert (manual_folder() / f"{chapter.name}.md").read_text("utf-8").startswith(f"# {chapter.title}\n")


def test_wheel_contains_every_page(tmp_path: Path) -> None:
    pytest.importorskip("hatchling", reason="hatchling is not installed: pip install hatchling")
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(tmp_path)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True, timeout=120)
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as packed:
        names = {name for name in packed.namelist() if name.startswith("letrics/web/docs/manual/")}
        assert names == {f"letrics/web/docs/manual/{chapter.name}.md" for chapter in chapters()}
        packed.extractall(tmp_path / "installed")
    # The installed package reads its own pages, not those of the repository.
    code = "from letrics.web.docs.contents import chapters, manual_folder; print(manual_folder(), len(chapters()))"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env={"PYTHONPATH": str(tmp_path / "installed")},
        check=True, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert done.stdout.split() == [str(tmp_path / "installed/letrics/web/docs/manual"), str(len(chapters()))]
