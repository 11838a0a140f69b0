"""Generated parts: each is on a page, and updating a page replaces exactly them."""

from __future__ import annotations

import re

import pytest

from letrics.web.docs.requests import SAMPLES
from scripts.reference.blocks import BLOCKS, WRITTEN_BY, update
from scripts.write_reference import FOLDER


def test_blocks_and_samples_are_each_on_one_page() -> None:
    text = "\n".join(file.read_text("utf-8") for file in sorted(FOLDER.glob("*.md")))
    assert sorted(re.findall(rf"<!-- ([\w-]+): {WRITTEN_BY} -->", text)) == sorted(BLOCKS)
    assert sorted(re.findall(r"^```sh sample=([\w-]+)$", text, re.MULTILINE)) == sorted(SAMPLES)


def test_update_replaces_generated_parts_alone() -> None:
    page = f"# Title\n\n<!-- limits: {WRITTEN_BY} -->\n\nold\n\n<!-- end of limits -->\n\nText.\n"
    new = update(page)
    assert new.startswith("# Title\n\n<!-- limits: ") and new.endswith("<!-- end of limits -->\n\nText.\n")
    assert "old" not in new and "| URL | 16 KiB |" in new
    assert update(new) == new


def test_update_fills_an_empty_sample_and_keeps_what_follows() -> None:
    page = "```sh sample=fields\n```\n\nText.\n\n```json\n{}\n```\n"
    new = update(page)
    assert new.startswith("```sh sample=fields\ncurl -s http://127.0.0.1:8000/v1/companies/fields")
    assert new.endswith("\n```\n\nText.\n\n```json\n{}\n```\n")
    assert update(new) == new


@pytest.mark.parametrize("page", [f"<!-- no: {WRITTEN_BY} -->\n\nx\n\n<!-- end of no -->", "```sh sample=no\n```"])
def test_update_with_an_unknown_name_raises(page: str) -> None:
    with pytest.raises(KeyError):
        update(page)
