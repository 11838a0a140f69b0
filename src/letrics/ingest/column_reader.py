"""Reader of a column's cells: empty cells, the text as it was meant, the column's parser, and a cache."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Final

from msgspec import UNSET

from letrics.ingest.aliases import header_key
from letrics.ingest.cell_rules import DEFAULT_RULES, CellRules, says_last_name_first
from letrics.ingest.columns import ImportColumn
from letrics.ingest.emails import plain_email, read_emails
from letrics.ingest.flattened_names import list_item
from letrics.ingest.nested_names import is_links_column
from letrics.ingest.number_values import read_time
from letrics.ingest.partial import Partial
from letrics.ingest.place_values import read_places
from letrics.ingest.site_links import reader_of_links
from letrics.ingest.urls import plain_linkedin, read_company_linkedin, read_linkedin, read_linkedin_handle, read_website
from letrics.ingest.values import (
    MAX_ID,
    MAX_TEXT,
    Reader,
    first_of,
    read_company_name,
    read_department,
    read_derived,
    read_id,
    read_seniority,
    read_text,
    read_texts,
)
from letrics.normalize.decoded_text import cell_text
from letrics.normalize.empty_cells import EMPTY_CELLS, EMPTY_COUNTRY_CODES, EMPTY_NAMES, LONGEST_EMPTY_CELL
from letrics.normalize.person_name import first_name_first, turn_at_comma, without_salutation

_CACHED: Final = 4_096
"""The maximum number of cells that are cached per column. The cache is cleared when it is full."""
_MAX_CACHED: Final = 200
"""The maximum length of a cell that is cached, in characters."""
_LONGEST_TEXTS: Final[dict[Reader, int]] = {
    read_text: MAX_TEXT, read_company_name: MAX_TEXT, read_seniority: MAX_TEXT, read_id: MAX_ID,
}  # fmt: skip
"""The readers that return texts as they were meant, and the maximum length of a text."""
_PLAIN: Final[dict[Reader, Callable[[str], Any]]] = {
    read_emails: plain_email, read_linkedin: plain_linkedin, read_company_linkedin: plain_linkedin,
}  # fmt: skip
"""The readers of columns in which nearly all cells differ and have one form, and what reads a cell of that form. It
returns None for other cells. Most cells need no cache then."""
ODD: Final = object()
"""The value of a cell that cannot be parsed completely."""
_LISTS: Final[frozenset[Reader]] = frozenset({read_texts, read_department, read_emails, read_places, read_derived})
"""The readers that parse lists."""
_PEOPLE: Final = frozenset({"first_name", "last_name", "full_name"})
"""The fields that are names of people."""


class ColumnReader:
    """Reads the cells of the column `name` by the rules of its file.

    `member` and `of_company` say which field they set, and `is_site_link` that they find a site among links. Of several
    columns of a field, the one with the lowest `rank` is preferred, but those of one list of texts or locations are
    joined: `item` is the name of the list and the place in it. A list in a column of one value has its value first, but
    not in one with our name.

    `cache` has the values of recent cells, since most columns have few different cells, or the same one in neighbouring
    rows. A cell that it lacks is read; it is ODD if it cannot be parsed completely, and then `has_odd` becomes true.
    """

    __slots__ = (
        "_empty", "_most", "_plain", "_read", "_room", "_takes_first", "cache", "has_odd", "is_site_link", "item",
        "member", "of_company", "rank",
    )  # fmt: skip

    def __init__(self, column: ImportColumn, name: str = "", rules: CellRules = DEFAULT_RULES) -> None:
        self.member = column.member
        self.of_company = column.of_company
        self.rank = column.rank
        self.cache: dict[str, Any] = _Cache(self)
        self.has_odd = False
        self.item = list_item(name) if column.read in (read_texts, read_places) else None
        self.is_site_link = column.read is read_website and is_links_column(name)
        self._read = _reader(column, name, rules)
        self._takes_first = column.read not in _LISTS and name != column.member and not is_links_column(name)
        is_turned = name in rules.last_names_first or name in rules.salutations
        self._most = 0 if is_turned else _LONGEST_TEXTS.get(column.read, 0)
        self._plain = None if is_links_column(name) else _PLAIN.get(column.read)
        self._empty = _empty_cells(column)
        self._room = _CACHED

    def read_all(self, cells: Sequence[str]) -> list[Any]:
        """Return the values of cells, as `read` does. The value of one that cannot be parsed completely is ODD."""
        if self._plain is not None:
            plain, cache = self._plain, self.cache
            return [value if (value := plain(cell)) is not None else cache[cell] for cell in cells]
        if self._most:
            # The cells of most columns of texts are as they were meant, which is quickly seen for all at once.
            together = "\n".join(cells)
            lines = together.casefold().split("\n")
            if (
                len(lines) == len(cells)
                and "&" not in together
                and "=" not in together
                and "(http" not in together
                and together.replace("\n", "").isprintable()
                and max(map(len, cells)) <= self._most
                and " \n" not in f"{together}\n"
                and "\n " not in f"\n{together}"
            ):
                empty = self._empty
                return [UNSET if line in empty else cell for cell, line in zip(cells, lines, strict=True)]
        return list(map(self.cache.__getitem__, cells))

    def read(self, value: Any) -> Any:
        """Return the value of a cell: UNSET for an empty one, a Partial if a part of it was left out.

        A null and an empty list return a value that clears the field. Raises ValueError.
        """
        if type(value) is not str:
            is_several = type(value) is list and self._takes_first
            read = first_of(self._read, value) if is_several else self._read(value)
            return UNSET if (read is None or read == ()) and value is not None and value != [] else read
        if self._plain is not None and (plain := self._plain(value)) is not None:
            return plain
        text = value.strip()
        if len(text) <= LONGEST_EMPTY_CELL and text.casefold() in self._empty:
            read = UNSET
        elif text.isprintable() and "&" not in text and text[0] != "=" and "(http" not in text:
            # The common case: the text is as it was meant.
            read = text if len(text) <= self._most else self._read(text)
        else:
            text = cell_text(text)
            is_empty = len(text) <= LONGEST_EMPTY_CELL and text.casefold() in self._empty
            read = UNSET if is_empty else self._read(text)
        if not read and (read is None or read == ()):
            read = UNSET
        elif type(read) is Partial:
            return read
        if len(value) <= _MAX_CACHED:
            if not self._room:
                self.cache.clear()
                self._room = _CACHED
            self._room -= 1
            self.cache[value] = read
        return read


class _Cache(dict[str, Any]):
    """The values of cells, by cell."""

    def __init__(self, column: ColumnReader) -> None:
        super().__init__()
        self._column = column

    def __missing__(self, cell: str) -> Any:
        try:
            read = self._column.read(cell)
        except ValueError:
            read = ODD
        if read is ODD or type(read) is Partial:
            self._column.has_odd = True
            return ODD
        return read


def _reader(column: ImportColumn, name: str, rules: CellRules) -> Reader:
    """The reader of a column's values by the rules of the file."""
    if column.read is read_time and (order := rules.order_of_dates(name)) is not None:
        return partial(read_time, order=order)
    if column.read is read_texts or column.read is read_department:
        return partial(column.read, commas=name in rules.comma_lists, separator=rules.list_separator)
    if name in rules.last_names_first or name in rules.salutations:
        turn = first_name_first if says_last_name_first(name) else turn_at_comma
        return partial(_read_name, turn if name in rules.last_names_first else None, name in rules.salutations)
    if is_links_column(name):
        return reader_of_links(column.read)
    is_linkedin = column.read in (read_linkedin, read_company_linkedin)
    return read_linkedin_handle if is_linkedin and header_key(name.rpartition(".")[2]) == "handle" else column.read


def _read_name(turn: Callable[[str], str] | None, has_salutation: bool, value: Any) -> str | None:
    text = read_text(value)
    if text and has_salutation:
        text = without_salutation(text)
    return turn(text) if text and turn is not None else text


def _empty_cells(column: ImportColumn) -> frozenset[str]:
    if column.member in _PEOPLE and not column.of_company:
        return EMPTY_NAMES
    if column.member.startswith("country_code"):
        return EMPTY_COUNTRY_CODES
    return EMPTY_CELLS
