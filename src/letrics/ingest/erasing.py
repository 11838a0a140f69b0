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
_MAX_SEARCHED: Final = 16 << 20
"""The size of the largest uploaded file that is searched, in bytes. This takes about a second."""


def erase_uploads(uploads: Path, people: Mentions) -> None:
    """Erase the people from the files in the directory of uploads.

    A rejected row that mentions one of them keeps its place and loses its texts. It is overwritten in place, since a
    running import may be writing to the file. An uploaded file that mentions one of them is removed, and one that
    cannot be searched: it is not UTF-8 (a workbook, a compressed file, another encoding), or larger than
    `_MAX_SEARCHED`.
    """
    for rejects in uploads.glob(_REJECTS):
        with suppress(FileNotFoundError), rejects.open("r+b") as file:
            _blank_rows(file, people)
    for stored in uploads.glob(_STORED):
        if any(_may_mention(file, people) for file in stored.glob("*/*")):
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


def _may_mention(file: Path, people: Mentions) -> bool:
    """Whether a file mentions one of the people, or cannot be searched."""
    with suppress(FileNotFoundError), file.open("rb") as opened:
        content = opened.read(_MAX_SEARCHED + 1)
        if len(content) > _MAX_SEARCHED:
            return True
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError:
            return True
        return "\0" in text or any(map(people.are_in, text.splitlines()))
    return False
