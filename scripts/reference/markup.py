"""Build Markdown: tables, code blocks, and text in which only backticks are markup."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence


def escape(text: str) -> str:
    """Escape the Markdown in a text, except code in backticks."""
    parts = text.split("`")
    return "`".join(
        part if at % 2 else re.sub(r"([*<>\[\]\\]|\b_|_\b)", r"\\\1", part) for at, part in enumerate(parts)
    )


def code(text: str) -> str:
    """Format a text without backticks as inline code."""
    assert "`" not in text
    return f"`{text}`"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Build a table. The cells are Markdown."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", r"\|") for cell in line) + " |" for line in lines)


def block(text: str, language: str) -> str:
    """Build a fenced code block. `language` may have further words that the server understands."""
    return f"```{language}\n{text}\n```"
