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
from typing import Final, Literal

import msgspec

from letrics.ingest.kinds import is_column_name
from letrics.ingest.rows import MAX_ROW, DamagedFile, FileRow
from letrics.ingest.text_lines import BLOCK, ByteStream

Shape = Literal["lines", "objects", "array"]
"""The shape of a JSON file. "array" begins after the `[`, whatever is before it."""

_ROWS: Final = frozenset(
    {
        "data", "records", "results", "result", "items", "rows", "hits", "entries", "objects", "elements", "list",
        "values", "value", "response", "contacts", "companies", "people", "persons", "leads", "prospects", "accounts",
        "organizations", "connections", "profiles", "users", "members", "entities", "matches", "employees",
    }
)  # fmt: skip
"""The names of arrays of records in the responses of APIs."""
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
_SPACE: Final = " \t\r\n"

_is_whole: Final = msgspec.json.Decoder(msgspec.Raw).decode


def find_shape(head: str) -> tuple[Shape, int, str | None]:
    """Return the shape of a JSON file that begins with `head`, without a byte order mark.

    For an array, also returns the position of its first value and, if it is the field of an object, the field's name.
    """
    text = head.lstrip()
    start = len(head) - len(text)
    if text.startswith("["):
        return "array", start + 1, None
    if not text.startswith("{"):
        return "lines", 0, None
    first_line, *more = text.split("\n", 1)
    if more and more[0].lstrip().startswith("{") and first_line.rstrip().endswith("}"):
        return "lines", 0, None
    found = _find_rows(text)
    if found is not None:
        return "array", start + found[0], found[1]
    return ("objects" if more and first_line.rstrip()[-1:] in ("{", "[", ",", ":") else "lines"), 0, None


def _find_rows(text: str) -> tuple[int, str] | None:
    """Return the position in the first array of records of an object, and its name.

    None if the object has a field before it that describes a record, or is longer than the text up to there.
    """
    decode = json.JSONDecoder().raw_decode
    try:
        place = _skip(text, 1)
        while text[place] == '"':
            name, place = decode(text, place)
            place = _skip(text, _skip(text, place) + 1)
            if name.lower() in _ROWS and text[place] == "[" and text[_skip(text, place + 1)] == "{":
                return place + 1, name
            if is_column_name(name):
                return None
            if name.lower() in _ROWS and text[place] == "{":
                place = _skip(text, place + 1)
                continue
            _, place = decode(text, place)
            place = _skip(text, _skip(text, place) + 1)
    except (ValueError, IndexError, RecursionError):
        pass
    return None


def _skip(text: str, place: int) -> int:
    """Return the position of the next character that is not white space."""
    while text[place] in _SPACE:
        place += 1
    return place


class JsonValues:
    """Iterable of the values of a stream as rows that are not parsed yet. `start` is the position of the first value.

    In an array, they end with `]`, and only the array of an object may be followed by more. Raises DamagedFile if they
    do not, or if the brackets of a value do not match.
    """

    def __init__(self, stream: ByteStream, name: str, shape: Shape, start: int = 0, is_field: bool = False) -> None:
        self._stream = stream
        self._name = name
        self._at = start
        self._array = shape == "array"
        self._is_field = is_field
        self._data = b""
        self._ended = False
        self._line = 1

    def __iter__(self) -> Iterator[FileRow]:
        self._load(self._at)
        self._line += self._data.count(b"\n", 0, self._at)
        while self._skip_between():
            if self._array and self._data.startswith(b"]", self._at):
                self._at += 1
                if not self._is_field and self._skip_between():
                    raise self._damage("text follows the end of the array")
                return
            end = self._find_end()
            yield FileRow(self._line, self._data[self._at : end], None)
            self._go_to(end)
        if self._array:
            raise self._damage("the array is not closed")

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
