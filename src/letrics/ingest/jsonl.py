"""JSON Lines reader (https://jsonlines.org): one JSON object per line, in UTF-8."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, BinaryIO, Final

import msgspec

from letrics.ingest.rows import MAX_ROW, RAW_KEPT, FileRow, Members, RowProblem

BOM: Final = b"\xef\xbb\xbf"
"""The UTF-8 byte order mark, which some programs write at the start of a file."""
_HALF_CHARACTER: Final = re.compile(rb"\\u[dD][89a-fA-F]")
"""Matches the escape of a surrogate code point in JSON."""


def json_lines(stream: BinaryIO) -> Iterator[FileRow]:
    """Yield the lines of a JSON Lines stream as rows that are not parsed yet. Skips blank lines.

    Never raises because of the content of a line.
    """
    readline = stream.readline
    number = 0
    while line := readline(MAX_ROW + 2):
        number += 1
        if len(line) > MAX_ROW and skip_rest(stream, line):
            yield FileRow(number, line[:RAW_KEPT], None, RowProblem(None, f"the line is longer than {MAX_ROW:,} bytes"))
            continue
        if number == 1:
            line = without_marks(line)
        if line and not line.isspace():
            yield FileRow(number, line, None)


def without_marks(data: bytes) -> bytes:
    """Remove the byte order marks at the start."""
    while data.startswith(BOM):
        data = data[len(BOM) :]
    return data


def read_row(row: FileRow) -> FileRow:
    """Parse a row if necessary. Returns it with its fields, or with the problem that prevents their use."""
    if row.members is not None or row.problem is not None or type(row.raw) is not bytes:
        return row
    try:
        return row._replace(members=read_line(row.raw.strip()))
    except RowProblem as problem:
        return row._replace(problem=problem.again())


def read_json_lines(stream: BinaryIO) -> Iterator[FileRow]:
    """Yield the parsed rows of a JSON Lines stream."""
    return map(read_row, json_lines(stream))


def skip_rest(stream: BinaryIO, line: bytes) -> bool:
    """Return whether `line` exceeds MAX_ROW without its line ending. If so, skips the rest of the line in `stream`."""
    if len(line.rstrip(b"\r\n")) <= MAX_ROW:
        return False
    while line and not line.endswith(b"\n"):
        line = stream.readline(MAX_ROW)
    return True


_decode: Final = msgspec.json.Decoder().decode


def read_line(text: bytes) -> Members:
    """Parse one line without surrounding white space into its fields. Raises RowProblem."""
    try:
        value = _decode(text)
    except RecursionError:
        raise RowProblem(None, "the JSON is nested too deeply") from None
    except (UnicodeDecodeError, msgspec.DecodeError) as error:  # which of them for invalid UTF-8 depends on the version
        raise RowProblem(None, _explained(text, str(error))) from None
    if type(value) is not dict:
        raise RowProblem(None, f"the line must be a JSON object, not {_kind(value)}")
    try:
        _check_keys(text, value)
    except RecursionError:
        raise RowProblem(None, "the JSON is nested too deeply") from None
    return value


def _check_keys(text: bytes, value: Members) -> None:
    """Check that no object has a key twice. Raises RowProblem, RecursionError."""
    # The decoder silently keeps the last of two equal keys. Comparing counts rules out duplicates in nearly all rows
    # and is 20 times faster than a look at each pair. Only the other rows are parsed again.
    separators = text.count(b'":')
    if (separators != len(value) and separators != _keys(value)) or b'" ' in text or (b"\t" in text and b'"\t' in text):
        _find_twice(text)


def _keys(value: Any) -> int:
    """Count the keys of a value at all depths."""
    if type(value) is dict:
        count = len(value)
        for below in value.values():
            if type(below) is dict or type(below) is list:
                count += _keys(below)
        return count
    count = 0
    for below in value:
        if type(below) is dict or type(below) is list:
            count += _keys(below)
    return count


def _find_twice(text: bytes) -> None:
    def pairs(given: list[tuple[str, Any]]) -> None:
        names = set()
        for name, _ in given:
            if name in names:
                raise RowProblem(name, "the key occurs twice in one object")
            names.add(name)

    json.loads(text, object_pairs_hook=pairs)


_MALFORMED: Final = re.compile(r"JSON is malformed: ([^()]{1,200}) \(byte ([0-9]{1,18})\)")
"""Matches the decoder's error message: the problem and its byte offset."""


def _explained(text: bytes, error: str) -> str:
    try:
        text.decode()
    except UnicodeDecodeError:
        return "the line is not UTF-8: save the file as UTF-8"
    if _HALF_CHARACTER.search(text):
        return "the JSON contains half a surrogate pair, which is not a character"
    if b"NaN" in text or b"Infinity" in text:
        return "the line is not JSON: NaN and Infinity are not JSON, write null"
    if text[:1] in b"[":
        return "the line is not a JSON object: write one object per line"
    found = _MALFORMED.match(error)
    if found:
        return f"the line is not JSON at byte {int(found[2]) + 1:,}: {found[1]}"
    if "out of range" in error:
        return "the line contains a number out of range"
    return "the line is not JSON: the object is not complete" if "truncated" in error else "the line is not JSON"


def _kind(value: object) -> str:
    if value is None:
        return "null"
    return {list: "an array", str: "a string", bool: "true or false"}.get(type(value), "a number")
