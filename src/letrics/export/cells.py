"""CSV cells: encodes lists and strings so that importing an export changes nothing.

The cell of a list has its items joined by `;`. If an item contains a `;` or is not a string, the cell is a JSON array.

A string that a spreadsheet would evaluate as a formula gets an apostrophe prefix, which the import removes. Such a
string begins with =, +, - or @, or with a variant of these that some locales accept (OWASP, "CSV Injection"), possibly
after quotes, white space, control or invisible characters, which spreadsheets skip. Plain numbers and phone numbers are
harmless and stay unchanged. Where the string contains a separator of another locale (`;`, a tab, `|`, a line break), a
reader of that locale cuts the cell there, quoted or not: the part after a separator is guarded likewise, items of
lists included.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final

import msgspec

from letrics.normalize.item_list import split_items
from letrics.records import EmployeesRange

_PASSED_OVER: Final = (
    r"'\s\x00-\x1f\x7f-\xa0\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202f\u205f-\u206f"
    r"\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb"
)
"""Characters that spreadsheets skip: apostrophes, white space, control characters and zero-width characters."""
_SIGNS: Final = r"=+\-@＝＋－＠﹦﹢﹣﹫⁼⁺⁻₌₊₋−"
"""Characters that begin a formula: the signs and their Unicode variants."""
_FORMULA: Final = re.compile(rf"[{_PASSED_OVER}]*[{_SIGNS}]")
"""Matches the beginning of a string that a spreadsheet may evaluate as a formula."""
_HARMLESS: Final = re.compile(r"[+-]?[0-9 ().,/-]*")
"""Matches plain numbers and phone numbers, which need no apostrophe."""
_CUTS: Final = r";|\t\r\n\x0b\x0c\x85\u2028\u2029"
"""Separators at which readers of other locales cut a line, even inside a quoted cell."""
_SEPARATOR: Final = re.compile(rf"[\",{_CUTS}]|^\s|\s$")
"""Matches the separators that spreadsheets use in some locale, and white space at an end, which a reader may trim."""
_PART_IS_FORMULA: Final = rf"(?=(?:(?![{_CUTS}])[{_PASSED_OVER}\"])*[{_SIGNS}])"
_PART_IS_HARMLESS: Final = rf" *+[+-]?[0-9 ().,/-]*+(?:[{_CUTS}]|\Z)"
_UNSAFE_PART: Final = re.compile(rf"([{_CUTS}])(?!{_PART_IS_HARMLESS}){_PART_IS_FORMULA}")
"""Matches a separator before a part that a spreadsheet may evaluate as a formula."""
_GUARDED_PART: Final = re.compile(rf"([{_CUTS}])'{_PART_IS_FORMULA}")
"""Matches a separator and the apostrophe that `guard` inserted after it."""


def guard(cell: str) -> str:
    """Insert apostrophes so that a spreadsheet of any locale can open the cell safely."""
    parts = cell
    if ";" in cell or "|" in cell or not cell.isprintable():  # rules out most cells in a tenth of a microsecond
        parts = _UNSAFE_PART.sub(r"\1'", cell)
    return f"'{parts}" if _FORMULA.match(cell) and not _HARMLESS.fullmatch(cell) else parts


def unguard(cell: str) -> str:
    """Reverse `guard`.

    Spreadsheets skip apostrophes, so guarding changes neither what is a formula nor where
    a cell is cut: exactly the apostrophes that `guard` inserted are removed.
    """
    if "'" not in cell:
        return cell
    start = 1 if cell[0] == "'" and _FORMULA.match(cell) else 0
    return _GUARDED_PART.sub(r"\1", cell[start:])


def row(cells: Sequence[str]) -> str:
    """Encode a line of CSV, with its line end. Cells that contain a separator of any locale are quoted."""
    line = ",".join([quoted(cell) if _SEPARATOR.search(cell) else cell for cell in cells])
    return f"{line}\n" if line else '""\n'  # CSV readers skip blank lines


def quoted(cell: str) -> str:
    """Quote a cell (RFC 4180)."""
    return '"' + cell.replace('"', '""') + '"'


def band(employees: EmployeesRange) -> str:
    """Encode a size band as one cell: `11-50`, `10001+`, or `<11` for at most 10."""
    if employees.max is None:
        return "" if employees.min is None else f"{employees.min}+"
    return f"<{employees.max + 1}" if employees.min is None else f"{employees.min}-{employees.max}"


def join(items: Sequence[str]) -> str:
    """Encode a list of strings as one cell. It is a JSON array if an import would split the joined text otherwise."""
    cell = "; ".join(items)
    if cell[:1] in ("[", "{") or (
        "," in cell or not cell.isprintable() or "|" in cell or cell.count(";") >= len(items)
    ):
        return cell if split_items(cell, commas=True) == list(items) and cell[:1] not in ("[", "{") else array(items)
    return cell


def array(items: object) -> str:
    """Encode a list of items that are not plain strings as one cell, a JSON array."""
    return msgspec.json.encode(items).decode()


def split(cell: str) -> list[Any]:
    """Decode the items of a cell: strings, or the items of a JSON array. Blank strings are skipped."""
    if cell[:1] in ("[", "{"):
        try:
            read = msgspec.json.decode(cell)
        except (msgspec.DecodeError, UnicodeError, RecursionError):
            pass
        else:
            return read if isinstance(read, list) else [read]
    return [item for item in cell.split(";") if item and not item.isspace()]
