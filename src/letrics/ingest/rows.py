"""Rows, as readers yield them, and the exceptions for invalid rows and files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple

import msgspec

MAX_ROW: Final = 1 << 20
"""The maximum size of a row, in bytes. A longer row is rejected and is not held in memory."""

RAW_KEPT: Final = 4096
"""The number of characters of a rejected row that are reported."""

_MAX_FIELD: Final = 200
"""The maximum length of a field name in a problem, in characters."""

_MAX_REASON: Final = 1_000
"""The maximum length of a problem's reason, in characters."""

Members = dict[str, Any]


class RowProblem(Exception):
    """A row is invalid. `field` is the field with the problem, if there is one; `reason` is a text for the user.

    Both are shortened and can be encoded as UTF-8.
    """

    def __init__(self, field: str | None, reason: str) -> None:
        self.field = None if field is None else _shortened(field, _MAX_FIELD)
        self.reason = _shortened(reason, _MAX_REASON)
        super().__init__(self.reason)

    def again(self) -> RowProblem:
        """Return a copy to raise.

        A function that raises an exception from one of its own variables makes a reference cycle (exception, traceback,
        frame), which stays in memory until the next garbage collection.
        """
        return RowProblem(self.field, self.reason)


def _shortened(text: str, most: int) -> str:
    if len(text) > most:
        text = f"{text[: most - 1]}…"
    return text if text.isascii() else text.encode("utf-8", "replace").decode()


class UnreadableFile(Exception):
    """A file cannot be imported, and no row was read. The text names the file and suggests a fix."""


class DamagedFile(Exception):
    """A file is truncated or damaged at some position. The rows before it were read."""


class FileRow(NamedTuple):
    """A row of a file.

    `line` is the physical line on which its record begins (in Parquet, the row number), and `raw` the row as written in
    the file. `members` has the parsed fields, or `problem` the reason why there are none. If both are None, the row is
    a line of JSON that is not parsed yet (`letrics.ingest.jsonl.read_line`), since unchanged rows need no parsing.
    """

    line: int
    raw: bytes | list[str] | Members
    members: Members | None
    problem: RowProblem | None = None


class RowBlock(NamedTuple):
    """Consecutive rows of a CSV file that have one line each and need no check one by one, as columns.

    `line` is the line of the first row, `raw` has their lines, and `columns` the cells of each column, by name. An
    empty cell is an empty string.
    """

    line: int
    raw: list[str]
    columns: dict[str, Sequence[str]]

    def members(self, place: int) -> Members:
        """The fields of the row at `place`."""
        return {name: cell for name, cells in self.columns.items() if (cell := cells[place])}

    def row(self, place: int) -> FileRow:
        """The row at `place`."""
        return FileRow(self.line + place, self.raw[place : place + 1], self.members(place))

    def rows(self) -> Iterator[FileRow]:
        """Yield the rows one by one."""
        return map(self.row, range(len(self.raw)))


Rows = FileRow | RowBlock
"""What a reader yields that is asked for blocks."""


class Rest(NamedTuple):
    """What a reader reports after the last row: the number of lines it skipped, and notices for the user."""

    skipped: int = 0
    notes: tuple[str, ...] = ()


def raw_text(raw: bytes | list[str] | Members) -> str:
    """Return the row as text for a report: at most RAW_KEPT characters, without the line ending. Never raises.

    Bytes that are not UTF-8 become U+FFFD.
    """
    if isinstance(raw, bytes):
        text = raw[: 4 * RAW_KEPT + 4].decode("utf-8", "replace")
    elif isinstance(raw, list):
        kept = list[str]()
        size = 0
        for line in raw:
            kept.append(line[: RAW_KEPT + 1])
            size += len(line)
            if size > RAW_KEPT:
                break
        text = "".join(kept).encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    else:
        try:
            text = msgspec.json.encode(raw, enc_hook=repr).decode()
        except (ValueError, TypeError, OverflowError, RecursionError):
            text = f"{len(raw)} columns that cannot be written as JSON"
    return _shortened(text.rstrip("\r\n"), RAW_KEPT)


def row_size(row: FileRow) -> int:
    """Return the approximate memory of a row, in bytes. Returns 0 for Parquet, whose reader limits its own memory."""
    raw = row.raw
    if isinstance(raw, bytes):
        return len(raw)
    return sum(map(len, raw)) if isinstance(raw, list) else 0
