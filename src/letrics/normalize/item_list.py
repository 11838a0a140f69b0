"""Lists of items in one text: `Software;Consulting`, `React | AWS`, `SaaS, Software`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import Final

from letrics.normalize.text import fold

_SEPARATOR: Final = re.compile(r"[;|\n\r\u2028\u2029]| :::(?= |\Z)")
"""Matches what always separates items."""
_MARKS: Final = (";", "|", "\n", "\r", "\u2028", "\u2029", " :::")
"""What a text with several items contains. Rules out most texts."""
_MOST_COMMAS: Final = 4
"""The greatest number of commas of a known name."""
_MAX_PARTS: Final = 5_000
"""The maximum number of parts between commas among which names are found: five for each item that a list may have."""
_MAX_NAME: Final = 200
"""The maximum length of a text that is compared with known names, in characters: twice that of the longest name."""


def split_items(text: str, commas: bool = False, separator: str | None = None) -> list[str]:
    """Split a text into its items, without blank ones.

    With `commas`, commas separate items too, except within a name that is known to have one. If `separator` is given,
    nothing else separates items.
    """
    if separator is not None:
        return _without_blank(text.split(separator))
    parts = _SEPARATOR.split(text) if any(mark in text for mark in _MARKS) else [text]
    if commas and "," in text:
        parts = [item for part in parts for item in _split_at_commas(part)]
    return _without_blank(parts)


def _without_blank(parts: list[str]) -> list[str]:
    return [item for part in parts if (item := part.strip())]


def _split_at_commas(text: str) -> list[str]:
    parts = text.split(",")
    if len(parts) > _MAX_PARTS and len(_without_blank(parts)) > _MAX_PARTS:
        return parts  # too many items, whatever they are
    items: list[str] = []
    start = 0
    while start < len(parts):
        end = next((end for end in _ends(parts, start) if _is_known(",".join(parts[start:end]))), start + 1)
        items.append(",".join(parts[start:end]))
        start = end
    return items


def _ends(parts: list[str], start: int) -> Sequence[int]:
    """The ends of the names with commas that may begin at a part, the longest first."""
    if not parts[start] or len(parts[start]) > _MAX_NAME or fold(parts[start]) not in _first_parts():
        return ()
    return range(min(len(parts), start + _MOST_COMMAS + 1), start + 1, -1)


def _is_known(text: str) -> bool:
    """Return whether a text is a known name with commas."""
    return len(text) <= _MAX_NAME and fold(text) in _comma_names()


@cache
def _first_parts() -> frozenset[str]:
    """What known names have before their first comma."""
    return frozenset(name.partition(",")[0] for name in _comma_names())


@cache
def _comma_names() -> frozenset[str]:
    text = (files("letrics.normalize") / "data" / "comma_names.txt").read_text("utf-8")
    return frozenset(fold(line) for line in text.splitlines() if line and not line.startswith("#"))
