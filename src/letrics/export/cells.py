"""CSV cells: how lists and texts are written in one, so that what is exported is imported unchanged.

A list is its items joined by `;`. Where an item holds a `;`, or is more than a text, the cell is a JSON array.
A text that a spreadsheet would run as a formula has an apostrophe put before it, which is taken away again on import:
it begins with =, +, - or @, or with a form of these that some locales take for them (OWASP, "CSV Injection"), perhaps
after quotes, white space, control or invisible characters, which spreadsheets pass over. Plain numbers and phone
numbers cannot do anything and stay as they are. Where the text has a separator of another locale (`;`, a tab, `|`, a
line break), a reader of that locale cuts the cell there, quotes or not: what follows a separator is guarded in the same
way, items of lists included.
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
_CUTS: Final = r";|\t\r\n\x0b\x0c\x85\u2028\u2029"
"""What readers of other locales cut a line at, though it is inside a quoted cell."""
_SEPARATOR: Final = re.compile(rf"[\",{_CUTS}]|^\s|\s$")
"""What spreadsheets in some locale cut a line at, and what a reader may trim."""
_PART_IS_FORMULA: Final = rf"(?=(?:(?![{_CUTS}])[{_PASSED_OVER}\"])*[{_SIGNS}])"
_PART_IS_HARMLESS: Final = rf" *[+-]?[0-9 ().,/-]*(?:[{_CUTS}]|\Z)"
_UNSAFE_PART: Final = re.compile(rf"([{_CUTS}])(?!{_PART_IS_HARMLESS}){_PART_IS_FORMULA}")
_GUARDED_PART: Final = re.compile(rf"([{_CUTS}])'{_PART_IS_FORMULA}")


def guard(cell: str) -> str:
    """`cell` as it can be opened in a spreadsheet of any locale."""
    parts = cell
    if ";" in cell or "|" in cell or not cell.isprintable():  # rules out most cells in a tenth of a microsecond
        parts = _UNSAFE_PART.sub(r"\1'", cell)
    return f"'{parts}" if _FORMULA.match(cell) and not _HARMLESS.fullmatch(cell) else parts


def unguard(cell: str) -> str:
    """The text that `guard` was given.

    An apostrophe passes for one that is passed over, so that guarding changes neither what is a formula nor where a
    cell is cut: exactly the apostrophes that `guard` added are removed.
    """
    if "'" not in cell:
        return cell
    start = 1 if cell[0] == "'" and _FORMULA.match(cell) else 0
    return _GUARDED_PART.sub(r"\1", cell[start:])


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
