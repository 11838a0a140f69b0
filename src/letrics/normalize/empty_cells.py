"""Texts that mean an empty cell, such as `N/A`, and the "no result" texts of tools."""

from __future__ import annotations

from importlib.resources import files
from typing import Final


def _read() -> dict[str, frozenset[str]]:
    """The sections of the data file, in the form in which texts are compared."""
    text = (files("letrics.normalize") / "data" / "empty_cells.txt").read_text("utf-8")
    sections: dict[str, set[str]] = {}
    section = set[str]()
    for line in text.splitlines():
        if line.startswith("["):
            section = sections.setdefault(line.strip("[]"), set())
        elif line and not line.startswith("# "):
            section.add(line.casefold())
    return {name: frozenset(texts) for name, texts in sections.items()}


_SECTIONS: Final = _read()

EMPTY_NAMES: Final = _SECTIONS["names"] | {""}
"""Texts that mean an empty cell in columns of people's names, in lower case."""
EMPTY_CELLS: Final = EMPTY_NAMES | _SECTIONS["cells"] | _SECTIONS["no result"]
"""Texts that mean an empty cell in other columns, in lower case."""
EMPTY_COUNTRY_CODES: Final = EMPTY_CELLS - {"na"}
"""Texts that mean an empty cell in columns of country codes, in lower case. NA is the code of Namibia."""
LONGEST_EMPTY_CELL: Final = max(map(len, EMPTY_CELLS))
"""The maximum length of a text that means an empty cell, in characters."""


def is_empty_cell(text: str, empty: frozenset[str] = EMPTY_CELLS) -> bool:
    """Return whether `text`, ignoring case and surrounding white space, is one of the texts `empty`."""
    if len(text) > LONGEST_EMPTY_CELL:
        text = text.strip()
        if len(text) > LONGEST_EMPTY_CELL:
            return False
    return text.strip().casefold() in empty
