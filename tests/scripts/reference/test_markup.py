"""Markdown that is built is rendered as the text it was built from."""

from __future__ import annotations

import re
from html import unescape

import pytest
from markdown_it import MarkdownIt

from scripts.reference.markup import block, code, escape, table


def shown(markdown: str) -> str:
    html = MarkdownIt("commonmark", {"html": False}).enable("table").render(markdown)
    return unescape(re.sub(r"<[^>]*>", "", html)).strip()


@pytest.mark.parametrize(
    "text",
    ["*: every host", "a_b and _c_", "the exclude_ counterpart", "<b>bold</b>", "[a](b)", r"C:\*", "1 < 2 > 0", "a|b"],
)
def test_escape_keeps_the_text_as_it_is(text: str) -> None:
    assert shown(escape(text)) == text


def test_escape_leaves_code_alone() -> None:
    assert escape("`a_*` and *") == r"`a_*` and \*"


def test_table_keeps_bars_in_cells() -> None:
    text = shown(table(["Option", "Meaning"], [[code("--kind [a|b]"), "a|b"]]))
    assert text.split("\n\n\n\n\n")[-1].split() == ["--kind", "[a|b]", "a|b"]


def test_block_is_fenced() -> None:
    assert block("a\nb", "sh") == "```sh\na\nb\n```"
