"""Rows as readers give them, and the ways in which a row or a file cannot be used."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import msgspec

MAX_ROW: Final = 1 << 20
"""The most bytes one row may have; a longer one is rejected without being held in memory."""

RAW_KEPT: Final = 4096
"""How many characters of an over-long row are kept to show it by."""

Members = dict[str, Any]


class RowProblem(Exception):
    """A row cannot be used: the field to blame, where one is, and the reason in words for a person."""

    def __init__(self, field: str | None, reason: str) -> None:
        super().__init__(reason)
        self.field = field
        self.reason = reason


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
    """The row as text that can be written to a file: without its line end, undecodable bytes as U+FFFD."""
    if isinstance(raw, bytes):
        return raw.decode("utf-8", "replace").rstrip("\r\n")
    if isinstance(raw, list):
        return "".join(raw).encode("utf-8", "surrogateescape").decode("utf-8", "replace").rstrip("\r\n")
    return msgspec.json.encode(raw, enc_hook=repr).decode()
