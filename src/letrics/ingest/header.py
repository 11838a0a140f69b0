"""Detection of the header of a CSV file: its delimiter, and the line that names the columns.

The line that has the most names of known columns is the header, also below lines of a title or of groups of columns.
The delimiter is the one that separates these names. Without a known name, the delimiter that gives the first lines the
same number of cells is used, and the first line that fills at least half of them is the header.

The result depends only on the first lines, not on how many of them a pipe has brought, since a file is read more than
once. It is found as early as possible: rows of a pipe do not wait for later ones.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import suppress
from itertools import accumulate
from typing import TYPE_CHECKING, Final, NamedTuple

from letrics.ingest.cell_text import clean_name
from letrics.ingest.text_lines import TextLines

if TYPE_CHECKING:
    from _csv import Reader

DELIMITERS: Final = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
"""The delimiters that are detected, and their names in notices."""
LOOKED_AT: Final = 20
"""The number of lines that are searched for the header."""
MAX_COLUMNS: Final = 10_000
"""The maximum number of columns of a file."""
_MIN_GROUPS: Final = 2
"""The minimum number of groups of columns. One name alone in the first cell is a title."""
_MAX_NAME: Final = 200
"""The maximum length of the name of a known column, in characters."""
_DATA: Final = re.compile(r"[0-9][0-9 .,/:-]*+\Z|https?://|[^\s@]++@[^\s@.]++\.")
"""Matches a cell that is no name of a column: a number, a date, a web address or an email address."""
IsName = Callable[[str], bool]
"""Whether a text is the name of a known column."""
_EXCEL: Final = re.compile(r"sep=([^\w\r\n\"'\ud800-\udfff])\s*", re.IGNORECASE)
"""Matches the line `sep=;` with which Excel names the delimiter."""


_SPACES_AFTER_QUOTE: Final = re.compile(r'" ++(?=[,;\t|\r\n]|\Z)')
"""Matches a closing quote and the spaces after it, before a delimiter or a line end."""


class Header(NamedTuple):
    """The delimiter of a file, and the number of lines above the one that names the columns.

    `groups` has the names of groups of columns in the line before it, one for each column, if it can be one of
    groups.
    """

    delimiter: str
    above: int
    groups: tuple[str, ...] = ()


def find_header(lines: TextLines, is_name: IsName, titled: bool = True, delimiter: str | None = None) -> Header | None:
    """Find the header of a file that begins at `lines`. Consumes nothing but blank lines and a line `sep=;`.

    Without `titled`, it is the first line that is not blank. Returns None if all lines are blank.
    """
    given = _skip_to_text(lines)
    if not lines.has_more():
        return None
    given = delimiter or given
    delimiters = list(DELIMITERS) if given is None else [given]
    best, best_known, best_filled = None, 0, 0
    for place in range(LOOKED_AT if titled else 1):
        line = lines.peek(place)
        if line is None:
            break
        if not line.strip():
            continue
        known, filled, delimiter = _known(lines, place, delimiters, is_name)
        if known > best_known and filled > best_filled:
            best, best_known, best_filled = Header(delimiter, place), known, filled
        elif best is not None and not (best_known == 1 and _may_be_key(_names(lines, best))):
            break  # one line below the header shows that it was not a title
        if best_known > 1 and not (best is not None and best.above == place and _has_gaps(_names(lines, best))):
            break
    if best is not None:
        return best._replace(groups=_groups(lines, best))
    guess = _guess(lines, delimiters)
    return guess if titled else guess._replace(above=0)


def _skip_to_text(lines: TextLines) -> str | None:
    """Consume blank lines and a line `sep=;`. Returns the delimiter in such a line."""
    given = None
    while (line := lines.peek(0)) is not None:
        excel = _EXCEL.fullmatch(line) if not lines.number else None
        if excel:
            given = excel[1]
        elif line.strip():
            break
        lines.consume(1)
    return given


def _known(lines: TextLines, place: int, delimiters: list[str], is_name: IsName) -> tuple[int, int, str]:
    """Return the delimiter that gives the record at a line the most known names, after their number and that of all.

    Of several, it is the one that gives the most cells: `;name` has a column without a name, and no column `;name`.
    """
    best, best_score = (-1, 0, ""), (-1, 0)
    for delimiter in delimiters:
        cells = _cells(lines, place, delimiter)[:MAX_COLUMNS]
        names = [name for cell in cells if (name := clean_name(cell))]
        known = sum(len(name) <= _MAX_NAME and is_name(name) for name in names)
        if 2 * known < len(names) and any(_DATA.match(name) for name in names):
            known = 0  # a row of data in which a word is also the name of a column: `RUE`
        if (known, len(cells)) > best_score:
            best, best_score = (known, len(names), delimiter), (known, len(cells))
    return best


def _cells(lines: TextLines, place: int, delimiter: str) -> list[str]:
    """Return the cells of the record that begins at a line; none if it is invalid or has too many lines."""
    texts = (line for number in range(place, place + LOOKED_AT) if (line := lines.peek(number)) is not None)
    try:
        return next(make_reader(texts, delimiter), [])
    except csv.Error:
        return read_trimmed([lines.peek(place) or ""], delimiter) or []


def _names(lines: TextLines, header: Header) -> list[str]:
    """The cells of the line that names the columns."""
    return [clean_name(cell) for cell in _cells(lines, header.above, header.delimiter)[:MAX_COLUMNS]]


def _may_be_key(names: list[str]) -> bool:
    """Return whether a line with one known name can be a key and its value above the header: `Customer:,Acme,,`."""
    return not names[-1] or names[0].endswith(":")


def _has_gaps(names: list[str]) -> bool:
    """Return whether there is a blank cell after a name, as where a name is that of several columns."""
    while names and not names[-1]:
        names = names[:-1]
    return "" in names[1:]


def _groups(lines: TextLines, header: Header) -> tuple[str, ...]:
    """The groups of columns that the line above the header names. A name is that of the columns up to the next one."""
    if not header.above:
        return ()
    names = _names(lines, header._replace(above=header.above - 1))
    least = 1 if names[:1] == [""] else _MIN_GROUPS
    if sum(map(bool, names)) < least or all(names):
        return ()
    return tuple(accumulate(names, lambda group, name: name or group))


def _guess(lines: TextLines, delimiters: list[str]) -> Header:
    """Find a header without known names: the delimiter by the number of cells, and the line by how many are filled."""
    texts = [line for place in range(LOOKED_AT) if (line := lines.peek(place)) is not None]
    best, best_score = Header(delimiters[0], 0), (0, 0)
    for delimiter in delimiters:
        filled = list[tuple[int, int, int]]()
        records, place = csv.reader(texts, delimiter=delimiter), 0
        with suppress(csv.Error):
            for cells in records:
                filled.append((place, len(cells), sum(bool(clean_name(cell)) for cell in cells)))
                place = records.line_num
        widths = Counter(width for _, width, _ in filled if width > 1)
        score, width = max(((count, width) for width, count in widths.items()), default=(0, 0))
        if (score, width) > best_score:
            above = next((place for place, _, count in filled if 2 * count >= width), 0)
            best, best_score = Header(delimiter, above), (score, width)
    return best


def make_reader(texts: Iterable[str], delimiter: str) -> Reader:
    """Return a strict reader of lines, for which spaces after a delimiter are not part of the cell."""
    return csv.reader(texts, delimiter=delimiter, strict=True, skipinitialspace=delimiter != " ")


def read_trimmed(record: list[str], delimiter: str) -> list[str] | None:
    """Return the cells of an invalid line without the spaces after closing quotes; None if it is still invalid."""
    if len(record) > 1:
        return None
    try:
        return next(make_reader([_SPACES_AFTER_QUOTE.sub('"', record[0])], delimiter))
    except csv.Error:
        return None
