"""CSV cells: how lists and texts are written in one, so that what is exported is imported unchanged.

A list is its items joined by `;`. Where an item holds a `;`, or is more than a text, the cell is a JSON array.
A text that a spreadsheet would run as a formula has an apostrophe put before it, which is taken away again on import:
it begins with =, +, - or @, or with a form of these that some locales take for them (OWASP, "CSV Injection"), perhaps
after quotes, white space, control or invisible characters, which spreadsheets pass over. Plain numbers and phone
numbers cannot do anything and stay as they are.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final

import msgspec

_PASSED_OVER: Final = (
    r"'\s\x00-\x1f\x7f-\xa0\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202f\u205f-\u206f"
    r"\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb"
)
"""Apostrophes, and what is not seen: white space, control characters, and characters without width."""
_SIGNS: Final = r"=+\-@＝＋－＠﹦﹢﹣﹫⁼⁺⁻₌₊₋−"
"""What begins a formula: the signs, and what Unicode takes for a form of one."""
_FORMULA: Final = re.compile(rf"[{_PASSED_OVER}]*[{_SIGNS}]")
_HARMLESS: Final = re.compile(r"[+-]?[0-9 ().,/-]*")
_SEPARATOR: Final = re.compile(r"[\",;|\t\r\n\x0b\x0c\x85\u2028\u2029]|^\s|\s$")
"""What spreadsheets in some locale cut a line at, and what a reader may trim."""


def guard(cell: str) -> str:
    """`cell` as it can be opened in a spreadsheet."""
    return f"'{cell}" if _FORMULA.match(cell) and not _HARMLESS.fullmatch(cell) else cell


def unguard(cell: str) -> str:
    """The text that `guard` was given."""
    return cell[1:] if cell[:1] == "'" and _FORMULA.match(cell) else cell


def row(cells: Sequence[str]) -> str:
    """A line of CSV, with its end. Every cell that holds a separator of any locale is quoted, not the comma's alone."""
    line = ",".join([quoted(cell) if _SEPARATOR.search(cell) else cell for cell in cells])
    return f"{line}\n" if line else '""\n'  # a blank line would be no record


def quoted(cell: str) -> str:
    """A cell in quotes (RFC 4180)."""
    return '"' + cell.replace('"', '""') + '"'


def join(items: Sequence[str]) -> str:
    """The cell of a list of texts."""
    if any(";" in item for item in items) or (items and items[0].startswith(("[", "{"))):
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
