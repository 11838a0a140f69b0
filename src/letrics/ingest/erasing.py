"""Erase people who are deleted from the files of uploads: rejected rows, and files without an import."""

from __future__ import annotations

import shutil
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, Final

import msgspec

from letrics.identity.mentions import Mentions

_REJECTS: Final = "*/rejects.jsonl"
"""The files of rejected rows in the directory of uploads."""
_STORED: Final = "new-*"
"""The directories of uploaded files without an import."""


def erase_uploads(uploads: Path, people: Mentions) -> None:
    """Erase the people from the files in the directory of uploads.

    A rejected row that mentions one of them keeps its place and loses its texts. It is overwritten in place, since a
    running import may be writing to the file. An uploaded file that mentions one of them is removed. Compressed files
    and workbooks cannot be searched; they are removed after a day.
    """
    for rejects in uploads.glob(_REJECTS):
        with suppress(FileNotFoundError), rejects.open("r+b") as file:
            _blank_rows(file, people)
    for stored in uploads.glob(_STORED):
        if any(_is_mentioned(file, people) for file in stored.glob("*/*")):
            shutil.rmtree(stored, ignore_errors=True)


def _blank_rows(file: BinaryIO, people: Mentions) -> None:
    start = 0
    for line in iter(file.readline, b""):
        if people.are_in(line.decode("utf-8", "replace")):
            kept = _without(line, people)
            file.seek(start)
            file.write(kept.ljust(len(line.rstrip(b"\n"))))
            file.seek(start + len(line))
        start += len(line)


def _without(line: bytes, people: Mentions) -> bytes:
    """A rejected row without its texts, or nothing if it is no whole row."""
    try:
        row = msgspec.json.decode(line)
        left = msgspec.json.encode(people.without(row | {"raw": "", "reason": "erased"}))
    except (msgspec.MsgspecError, TypeError):
        return b""
    return left if len(left) < len(line) else b""


def _is_mentioned(file: Path, people: Mentions) -> bool:
    with suppress(FileNotFoundError), file.open("rb") as opened:
        return any(people.are_in(line.decode("utf-8", "replace")) for line in opened)
    return False
