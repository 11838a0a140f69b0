"""Rows as readers give them, and the ways in which a row or a file cannot be used."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import msgspec

MAX_ROW: Final = 1 << 20
"""The most bytes one row may have; a longer one is rejected without being held in memory."""

RAW_KEPT: Final = 4096
"""The most characters of a rejected row that are reported."""

_MAX_FIELD: Final = 200
"""The most characters of a field's name in a problem."""

_MAX_REASON: Final = 1_000
"""The most characters of a problem's reason."""

Members = dict[str, Any]


class RowProblem(Exception):
    """A row cannot be used: the field to blame, where one is, and the reason in words for a person. Both are shortened,
    and can be encoded as UTF-8."""

    def __init__(self, field: str | None, reason: str) -> None:
        self.field = None if field is None else _shortened(field, _MAX_FIELD)
        self.reason = _shortened(reason, _MAX_REASON)
        super().__init__(self.reason)

    def again(self) -> RowProblem:
        """The same problem, to be raised. A function that raises a problem which one of its own variables holds makes a
        reference cycle (problem, traceback, frame), which stays in memory until garbage is collected."""
        return RowProblem(self.field, self.reason)


def _shortened(text: str, most: int) -> str:
    if len(text) > most:
        text = f"{text[: most - 1]}…"
    return text if text.isascii() else text.encode("utf-8", "replace").decode()


class UnreadableFile(Exception):
    """A file is not what it should be; nothing was read of it. The text names it and says what to do."""


class DamagedFile(Exception):
    """A file breaks off or turns to nonsense part of the way; the rows before were read."""


class Row(NamedTuple):
    """One row: the physical line its record begins on (Parquet: its number), the row as it stands in the file, and
    its members, or the problem that kept them from being read. With neither it is a line of JSON that is yet to be
    read (`letrics.ingest.jsonl.read_line`): one that is known again need not be."""

    line: int
    raw: bytes | list[str] | Members
    members: Members | None
    problem: RowProblem | None = None


def raw_text(raw: bytes | list[str] | Members) -> str:
    """The row as text that can be written to a file: at most RAW_KEPT characters, without its line end, undecodable
    bytes as U+FFFD. Never raises."""
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


def row_size(row: Row) -> int:
    """About how much memory a row takes, in bytes; that of tables, which are read by columns, counts as nothing."""
    raw = row.raw
    if isinstance(raw, bytes):
        return len(raw)
    return sum(map(len, raw)) if isinstance(raw, list) else 0
