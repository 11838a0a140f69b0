"""Reader of JSON files that are not JSON Lines: an array of objects, objects one after another, or an object with an
array of them, as APIs return it. Objects may be spread over lines.

The file is split into its objects without parsing it: a `}` before a comma and `{` or before `]` probably ends an
object, and one that is valid JSON up to there is whole. Objects with many others inside are split by their brackets. A
row is the text of an object, as in JSON Lines, so invalid ones are rejected alone. If the brackets do not match, the
rest of the file is damaged.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Final

import msgspec

from letrics.ingest.json_response import FoundRows, Shape, complete_row, find_rows, is_list_name, is_same_kind
from letrics.ingest.rows import MAX_ROW, DamagedFile, FileRow
from letrics.ingest.text_lines import BLOCK, ByteStream

_PROBABLE_END: Final = re.compile(rb"\}(?=\s*(?:,\s*)?[{\]])")
"""Matches the probable end of an object: another one follows, or the end of the array."""
_TOKEN: Final = re.compile(rb'"(?:[^"\\]++|\\.)*+(?:"|\\?\Z)|[{}\[\]]', re.DOTALL)
"""Matches a string, which may be cut off at the end, or a bracket."""
_BETWEEN: Final = re.compile(rb"[\s,]*")
"""Matches what is between two values."""
_SCALAR: Final = re.compile(rb'"(?:[^"\\]++|\\.)*+"|[^\s,\]{}\["]+', re.DOTALL)
"""Matches a value that is neither an object nor an array."""
_ATTEMPTS: Final = 8
"""The maximum number of probable ends that are tried before the brackets are counted."""

_is_whole: Final = msgspec.json.Decoder(msgspec.Raw).decode


class JsonValues:
    """Iterable of the values of a stream as rows that are not parsed yet. `start` is the position of the first value.

    In an array, they end with `]`, and only an array that was `found` in an object may be followed by more. Then the
    lists of the same kind in this object and in those after it are read, too. `notes` has the lists that were read, and
    those that were not. Raises DamagedFile if the values do not end, or if the brackets of one do not match.
    """

    def __init__(
        self, stream: ByteStream, name: str, shape: Shape, start: int = 0, found: FoundRows | None = None
    ) -> None:
        self._stream = stream
        self._name = name
        self._at = start
        self._array = shape == "array"
        self._data = b""
        self._ended = False
        self._line = 1
        self.notes: list[str] = []
        self._found = found
        self._open = 0 if found is None else found.depth

    def __iter__(self) -> Iterator[FileRow]:
        self._load(self._at)
        self._line += self._data.count(b"\n", 0, self._at)
        yield from self._values()
        while self._found is not None and self._find_next_list(self._found):
            yield from self._values()

    def _values(self) -> Iterator[FileRow]:
        is_map = self._found is not None and self._found.is_map
        close = b"}" if is_map else b"]"
        while self._skip_between():
            if is_map and self._data.startswith(b'"', self._at):
                self._go_to(self._find_end())
                self._skip_colon()
            if self._array and self._data.startswith(close, self._at):
                self._at += 1
                if self._found is None and self._skip_between():
                    raise self._damage("text follows the end of the array")
                return
            end = self._find_end()
            row = self._data[self._at : end]
            yield FileRow(self._line, row if self._found is None else complete_row(row, self._found), None)
            self._go_to(end)
        if self._array:
            raise self._damage("the array is not closed")

    def _find_next_list(self, found: FoundRows) -> bool:
        """Go to the first value of the next list of records of the same kind. Returns False if there is none.

        The text after the last list need not be valid.
        """
        try:
            while self._skip_between():
                mark = self._data[self._at : self._at + 1]
                if mark == b"}" and self._open:
                    self._go_to(self._at + 1)
                    self._open -= 1
                elif mark == b"{" and not self._open:
                    if self._find_in_object():
                        return True
                elif mark != b'"' or self._find_in_field(found.name):
                    return mark == b'"'
        except (DamagedFile, ValueError, RecursionError):
            pass
        return False

    def _find_in_object(self) -> bool:
        """Go to the list of the next object, or after the object if it has none."""
        if len(self._data) - self._at < BLOCK:
            self._load(BLOCK)
        text = self._data[self._at : self._at + BLOCK].decode("utf-8", "ignore")
        found = find_rows(text)
        if found is None:
            self._note("an object without a list of records was not read")
            self._go_to(self._find_end())
            return False
        self._go_to(self._at + len(text[: found.start].encode()))
        self._found, self._open = found, found.depth
        return True

    def _find_in_field(self, before: str) -> bool:
        """Go to the list in the next field of an object, or after the field if it has none of the same kind."""
        end = self._find_end()
        name = json.loads(self._data[self._at : end])
        self._go_to(end)
        self._skip_colon()
        if not self._data.startswith(b"[", self._at):
            self._go_to(self._find_end())
            return False
        self._go_to(self._at + 1)
        objects = 0
        while self._skip_between() and not self._data.startswith(b"]", self._at):
            is_object = self._data.startswith(b"{", self._at)
            if is_object and is_same_kind(before, name):
                self._note(f"the rows are also the values of {name!r}")
                return True
            self._go_to(self._find_end())
            objects += is_object
        self._go_to(self._at + 1)
        if objects and is_list_name(name):
            self._note(f"the list {name!r} was not read: write it to a separate file to import it")
        return False

    def _skip_colon(self) -> None:
        """Go to the value of a field after its name."""
        while self._skip_between() and self._data.startswith(b":", self._at):
            self._go_to(self._at + 1)

    def _note(self, text: str) -> None:
        note = f"{self._name}: {text}"
        if note not in self.notes:
            self.notes.append(note)

    def _skip_between(self) -> bool:
        """Skip white space and commas. Returns False at the end of the stream."""
        while True:
            between = _BETWEEN.match(self._data, self._at)
            self._go_to(between.end() if between else self._at)
            if self._at < len(self._data):
                return True
            if not self._load(1):
                return False

    def _go_to(self, place: int) -> None:
        self._line += self._data.count(b"\n", self._at, place)
        self._at = place

    def _load(self, size: int) -> bool:
        """Read at least `size` more bytes. Returns False if the stream ends before."""
        parts = [self._data[self._at :] if self._data else b""]
        if self._data:
            self._at = 0
        loaded = 0
        while loaded < size and not self._ended:
            part = self._stream.read1(BLOCK)
            self._ended = not part
            parts.append(part)
            loaded += len(part)
        self._data = b"".join(parts)
        return loaded >= size

    def _find_end(self) -> int:
        """Return the position after the next value. Raises DamagedFile."""
        while True:
            end = self._probable_end() or self._exact_end()
            if end:
                return end
            if len(self._data) - self._at > MAX_ROW:
                raise self._damage(f"a value is longer than {MAX_ROW:,} bytes, or one of its brackets is not closed")
            if not self._load(1):
                raise self._damage("a value is not complete")

    def _probable_end(self) -> int:
        data, start = self._data, self._at
        if not data.startswith(b"{", start):
            return 0
        for attempt, match in enumerate(_PROBABLE_END.finditer(data, start, start + MAX_ROW)):
            if attempt == _ATTEMPTS:
                break
            try:
                _is_whole(data[start : match.end()])
            except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
                continue
            return match.end()
        return 0

    def _exact_end(self) -> int:
        """Return the position after the next value by its brackets; 0 if more of the stream is needed."""
        data, start = self._data, self._at
        if data[start : start + 1] not in (b"{", b"["):
            match = _SCALAR.match(data, start)
            if match is None:
                return 0 if data.startswith(b'"', start) else start + 1
            return match.end() if match.end() < len(data) or self._ended else 0
        depth = 0
        for token in _TOKEN.finditer(data, start):
            mark = token[0]
            if mark in (b"{", b"["):
                depth += 1
            elif mark in (b"}", b"]"):
                depth -= 1
                if not depth:
                    return token.end()
        return 0

    def _damage(self, reason: str) -> DamagedFile:
        return DamagedFile(f"{self._name}: the JSON is damaged from line {self._line:,} on: {reason}")
