"""JSON Lines (https://jsonlines.org): one JSON object a line, UTF-8."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, BinaryIO, Final

import msgspec

from letrics.ingest.rows import MAX_ROW, RAW_KEPT, Members, Row, RowProblem

BOM: Final = b"\xef\xbb\xbf"
_HALF_CHARACTER: Final = re.compile(rb"\\u[dD][89a-fA-F]")


def json_lines(stream: BinaryIO) -> Iterator[Row]:
    """The lines of a JSON Lines stream, yet to be read; blank ones are passed over. Nothing in one makes it raise."""
    readline = stream.readline
    number = 0
    while line := readline(MAX_ROW + 2):
        number += 1
        if len(line) > MAX_ROW and skip_rest(stream, line):
            yield Row(number, line[:RAW_KEPT], None, RowProblem(None, f"the line is longer than {MAX_ROW:,} bytes"))
            continue
        if number == 1:
            line = line.removeprefix(BOM)
        if line and not line.isspace():
            yield Row(number, line, None)


def read_row(row: Row) -> Row:
    """The row with its members, or with the problem they have."""
    if row.members is not None or row.problem is not None or type(row.raw) is not bytes:
        return row
    try:
        return row._replace(members=read_line(row.raw.strip()))
    except RowProblem as problem:
        return row._replace(problem=problem.again())


def read_json_lines(stream: BinaryIO) -> Iterator[Row]:
    """The rows of a JSON Lines stream."""
    return map(read_row, json_lines(stream))


def skip_rest(stream: BinaryIO, line: bytes) -> bool:
    """Whether `line` is longer than a row may be (without its end); the rest of it has then been passed over."""
    if len(line.rstrip(b"\r\n")) <= MAX_ROW:
        return False
    while line and not line.endswith(b"\n"):
        line = stream.readline(MAX_ROW)
    return True


_decode: Final = msgspec.json.Decoder().decode


def read_line(text: bytes) -> Members:
    """The members of one line without the space around it. Raises RowProblem."""
    try:
        value = _decode(text)
    except UnicodeDecodeError:
        raise RowProblem(None, "the line is not UTF-8: save the file as UTF-8") from None
    except RecursionError:
        raise RowProblem(None, "the JSON is nested too deeply") from None
    except msgspec.DecodeError as error:
        raise RowProblem(None, _explained(text, str(error))) from None
    if type(value) is not dict:
        raise RowProblem(None, f"the line is not a JSON object but {_kind(value)}")
    try:
        _check_keys(text, value)
    except RecursionError:
        raise RowProblem(None, "the JSON is nested too deeply") from None
    return value


def _check_keys(text: bytes, value: Members) -> None:
    """Raises RowProblem where an object has a key twice, and RecursionError."""
    # The decoder keeps the last of two equal keys without a word. Counting finds rows that cannot hold two (nearly
    # all of them) 20 times faster than looking at each pair would; the others are looked at.
    told = text.count(b'":')
    if (told != len(value) and told != _keys(value)) or b'" ' in text or b'"\t' in text:
        _find_twice(text)


def _keys(value: Any) -> int:
    """How many keys there are in a value, at every depth."""
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
                raise RowProblem(name, "the key is given twice in one object")
            names.add(name)

    json.loads(text, object_pairs_hook=pairs)


_MALFORMED: Final = re.compile(r"JSON is malformed: ([^()]{1,200}) \(byte ([0-9]{1,18})\)")
"""How the decoder says what is wrong and where."""


def _explained(text: bytes, error: str) -> str:
    if _HALF_CHARACTER.search(text):
        return "the JSON holds half a surrogate pair, which is not a character"
    if b"NaN" in text or b"Infinity" in text:
        return "the line is not JSON: NaN and Infinity are not JSON, write null"
    if text[:1] in b"[":
        return "the line is not a JSON object: give one object a line"
    found = _MALFORMED.match(error)
    if found:
        return f"the line is not JSON at byte {int(found[2]) + 1:,}: {found[1]}"
    if "out of range" in error:
        return "the line holds a number out of range"
    return "the line is not JSON: it ends before the object does" if "truncated" in error else "the line is not JSON"


def _kind(value: object) -> str:
    if value is None:
        return "null"
    return {list: "an array", str: "a text", bool: "true or false"}.get(type(value), "a number")
