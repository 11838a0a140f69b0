"""Text of CSV cells and column names, without the characters around it that are not part of it."""

from __future__ import annotations

import re
from typing import Final

from letrics.export.cells import unguard

INVISIBLE: Final = "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\xad"
"""The format characters that are dropped at the ends of names and cells: zero-width characters, marks of direction,
byte order marks and soft hyphens."""
_BLANK: Final = INVISIBLE + "\x1a"
"""The characters of a blank cell besides white space: invisible ones, and the Ctrl-Z that ends files of DOS."""
_TEXT_FORMULA: Final = re.compile(r'="((?:[^"]|"")*)"')
"""Matches the formula with which Excel marks a cell as text, such as `="0301"`."""


def clean_name(cell: str) -> str:
    """Remove white space and invisible characters at the ends of a name."""
    while cell != (bare := cell.strip().strip(INVISIBLE)):
        cell = bare
    return cell


def clean_cell(cell: str) -> str:
    """Remove what surrounds the text of a cell: invisible characters, the guard of a formula, Excel's `="…"`.

    A blank cell becomes the empty string.
    """
    if not cell.isascii() or "\x1a" in cell:
        bare = cell.strip().strip(_BLANK)
        if bare != cell.strip():
            cell = clean_name(bare)
    if cell.startswith('="'):
        formula = _TEXT_FORMULA.fullmatch(cell.rstrip())
        if formula:
            cell = formula[1].replace('""', '"')
    elif "'" in cell:
        cell = unguard(cell)
    return "" if cell.isspace() else cell
