"""The pictures of the documentation: small enough, all of them shown, and each one that the script makes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

screenshots = pytest.importorskip("scripts.screenshots", reason="playwright and Pillow are not installed")
IMAGES = Path(__file__).parents[2] / "docs" / "images"


def test_pictures_are_exactly_those_the_script_makes() -> None:
    drawn = {"benchmark"}  # by the benchmark, from its results
    assert {file.stem for file in IMAGES.iterdir()} - drawn == {picture.name for picture in screenshots.PICTURES}


def test_pictures_are_small() -> None:
    sizes = [file.stat().st_size for file in IMAGES.iterdir()]
    assert max(sizes) <= screenshots.MOST_BYTES
    assert sum(sizes) <= screenshots.ALL_BYTES


def test_gallery_shows_every_picture_with_a_text_alternative() -> None:
    shown = re.findall(r"!\[([^\]]+)\]\(images/([\w-]+)\.png\)", (IMAGES.parent / "gallery.md").read_text("utf-8"))
    assert {name for _, name in shown} == {picture.name for picture in screenshots.PICTURES}
    assert all(len(words) > 10 for words, _ in shown)
