"""Lines of a UTF-8 stream for the csv module, in blocks, with a position that can go back to the start of a record.

A line ends with LF, CRLF or a bare CR. A block is a list of whole lines, so that the csv module reads most of a file
without a call of Python code for each line. The lines of a pipe are available as soon as they arrive.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from typing import Final, Protocol

from letrics.ingest.cell_text import INVISIBLE
from letrics.ingest.rows import MAX_ROW, RAW_KEPT

BLOCK: Final = 1 << 18
"""The number of bytes that are read at a time."""
_MAX_CREDIT: Final = 16 * MAX_ROW
"""The maximum credit: the number of characters that may be read again before new ones are read."""
_CREDIT: Final = 4
"""The number of characters that may be read again for each new character."""
_SPACES: Final = "\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
"""The spaces beyond ASCII."""
_SEPARATORS: Final = "\x85\u2028\u2029"
"""The characters beyond ASCII at which `str.splitlines` splits. They are white space and do not end a line of CSV."""
_ASCII_SEPARATORS: Final = "\x0b\x0c\x1c\x1d\x1e"
"""The ASCII characters at which `str.splitlines` splits and that do not end a line of CSV."""
_LINE_END: Final = 2
"""The maximum length of a line end, in bytes."""
_UNDECODED: Final = re.compile("[\udc80-\udcff]")
"""Matches a byte that is not UTF-8, as decoded with `surrogateescape`."""


class ByteStream(Protocol):
    """A stream whose `read1` returns bytes as soon as some are available."""

    def read1(self, size: int = -1, /) -> bytes: ...


class TooLong(Exception):
    """A record exceeds the maximum size of a row, or the credit for reading lines again."""


class CutLine(str):
    """The start of a line that exceeds the maximum size of a row."""

    __slots__ = ()


class TextLines:
    """The lines of a stream: `pending[at:]` are loaded and not consumed yet, and `number` lines were consumed.

    As an iterator, it yields the lines of one record for the csv module, and raises TooLong. The flags describe the
    pending lines: `fresh` until they are searched for an invalid record, and only if none was cut; `guarded` if some
    may have an apostrophe or a formula of Excel; `odd` if some may have invisible characters or spaces beyond ASCII;
    `damaged` if some may have bytes that are not UTF-8.
    """

    def __init__(self, stream: ByteStream) -> None:
        self._blocks = _blocks(stream)
        self._credit = _MAX_CREDIT
        self._start = 0
        self._size = 0
        self._first = True
        self.number = 0
        self.at = 0
        self.pending: list[str] = []
        self.fresh = self.guarded = self.odd = self.damaged = False

    def load(self) -> bool:
        """Load the next block after the pending lines. Returns False at the end of the stream."""
        block = next(self._blocks, None)
        if block is None:
            return False
        encoded, cut = block
        self._credit = min(_MAX_CREDIT, self._credit + _CREDIT * len(encoded))
        self._drop_consumed()
        text = self._decode(encoded)
        lines = [CutLine(text[:RAW_KEPT])] if cut else self._split(text)
        if not lines:
            return False  # the stream has nothing but a byte order mark
        self._append(lines)
        return True

    def _drop_consumed(self) -> None:
        del self.pending[: self._start]
        self.at -= self._start
        self._start = 0
        if not self.pending:
            self.guarded = self.odd = self.damaged = False

    def _append(self, lines: Sequence[str]) -> None:
        """Append lines, of which only the last may be cut."""
        self.pending += lines
        self.fresh = type(lines[-1]) is not CutLine

    def _decode(self, encoded: bytes) -> str:
        try:
            text = encoded.decode()
        except UnicodeDecodeError:
            text = encoded.decode("utf-8", "surrogateescape")
            self.damaged = True
        if self._first:
            text = text.lstrip("\ufeff")
            self._first = False
        return text

    def _split(self, text: str) -> list[str]:
        """Split a block into lines with their ends, and set the flags."""
        if "'" in text or '="' in text:
            self.guarded = True
        separators = _ASCII_SEPARATORS
        if not text.isascii():
            separators += _SEPARATORS
            if any(mark in text for mark in INVISIBLE + _SPACES):
                self.odd = True
        if any(mark in text for mark in separators):
            self.odd = True
            return list(io.StringIO(text, newline=""))
        return text.splitlines(True)

    def has_more(self) -> bool:
        """Return whether there is a line that is not consumed, which may wait for a pipe."""
        return self.at < len(self.pending) or self.load()

    def peek(self, place: int) -> str | None:
        """Return the line `place` lines after the next one; None at the end of the stream."""
        while self.at + place >= len(self.pending):
            if not self.load():
                return None
        return self.pending[self.at + place]

    def consume(self, lines: int) -> None:
        """Advance by `lines` pending lines. The next line starts a record."""
        self.at += lines
        self.number += lines
        self.begin()

    def begin(self) -> None:
        """Start a record at the next line."""
        self._start = self.at
        self._size = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        if self.at == len(self.pending) and not self.load():
            raise StopIteration
        line = self.pending[self.at]
        self.at += 1
        self._size += len(line)
        alone = self.at - self._start == 1
        if type(line) is CutLine or self._size > MAX_ROW + _LINE_END or (not alone and self._size > self._credit):
            raise TooLong
        return line

    def record(self) -> list[str]:
        """Return the lines of the current record."""
        return self.pending[self._start : self.at]

    def end(self) -> None:
        """Consume the lines of the current record."""
        read, self.at = self.at - self._start, self._start
        self.consume(read)

    def end_first(self) -> None:
        """Consume the first line of the current record. The others are read again."""
        self._credit -= self._size - len(self.pending[self._start])
        self.at = self._start
        self.consume(1)


def is_damaged(line: str) -> bool:
    """Return whether a line has bytes that are not UTF-8."""
    return not line.isascii() and _UNDECODED.search(line) is not None


def _blocks(stream: ByteStream) -> Iterator[tuple[bytes, bool]]:
    """Yield blocks of whole lines. The second value says that the block is the start of a line that is too long."""
    rest = b""
    while data := stream.read1(BLOCK):
        first = _first_end(data)
        if len(rest) + (first or len(data)) > MAX_ROW + _LINE_END:
            yield rest[: 4 * RAW_KEPT] or data[: 4 * RAW_KEPT], True
            while not first:
                data = stream.read1(BLOCK)
                if not data:
                    return
                first = _first_end(data)
            rest, data = b"", data[first:]
        end = data.rfind(b"\n") + 1 or data.rfind(b"\r", 0, len(data) - 1) + 1
        if end:
            yield rest + data[:end], False
            rest = data[end:]
        else:
            rest += data
    if rest:
        yield rest, False


def _first_end(data: bytes) -> int:
    """Return the position after the first line end; 0 if there is none. A CR at the end may be half of a CRLF."""
    line_feed = data.find(b"\n") + 1
    before = line_feed or len(data)
    carriage_return = data.find(b"\r", 0, before - 1) + 1
    return line_feed if carriage_return in (0, line_feed - 1) else carriage_return
