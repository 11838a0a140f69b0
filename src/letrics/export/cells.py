"""CSV cells: how lists and texts are written in one, so that what is exported is imported unchanged.

A list is its items joined by `;`. Where an item holds a `;`, or is more than a text, the cell is a JSON array.
A text that a spreadsheet would run as a formula (it begins with =, +, - or @; see OWASP "CSV Injection") has an
apostrophe put before it, which is taken away again on import. Plain numbers and phone numbers cannot do anything and
stay as they are.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final

import msgspec

_FORMULA: Final = re.compile(r"'*[=+\-@]")
_HARMLESS: Final = re.compile(r"[+-]?[0-9 ().,/-]*")


def guard(cell: str) -> str:
    """`cell` as it can be opened in a spreadsheet."""
    return f"'{cell}" if _FORMULA.match(cell) and not _HARMLESS.fullmatch(cell) else cell


def unguard(cell: str) -> str:
    """The text that `guard` was given."""
    return cell[1:] if cell[:1] == "'" and _FORMULA.match(cell) else cell


def join(items: Sequence[str]) -> str:
    """The cell of a list of texts."""
    if any(";" in item for item in items) or (items and items[0][0] in "[{"):
        return array(items)
    return "; ".join(items)


def array(items: object) -> str:
    """The cell of a list whose items are more than texts."""
    return msgspec.json.encode(items).decode()


def split(cell: str) -> list[Any]:
    """The items of a cell: texts, or whatever a JSON array holds. Blank ones are left out."""
    if cell[:1] in ("[", "{"):
        try:
            read = msgspec.json.decode(cell)
        except (msgspec.DecodeError, UnicodeError, RecursionError):
            pass
        else:
            return read if isinstance(read, list) else [read]
    return [item for item in cell.split(";") if item and not item.isspace()]
