"""JSON Lines: what is read, and every line that must be rejected alone."""

from __future__ import annotations

import io

import pytest

from letrics.ingest.jsonl import read_json_lines
from letrics.ingest.rows import MAX_ROW, FileRow, raw_text


def rows(data: bytes) -> list[FileRow]:
    return list(read_json_lines(io.BytesIO(data)))


def test_lines_are_numbered_as_they_stand_in_the_file() -> None:
    read = rows(b'\xef\xbb\xbf{"domain":"a.example"}\r\n\n  \n{"domain":"b.example"}')
    assert [(row.line, row.members) for row in read] == [(1, {"domain": "a.example"}), (4, {"domain": "b.example"})]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b'{"a":1,"a":2}', "twice"),
        (b'{"a" :1,"a":2}', "twice"),
        (b'{"a"\t:1,"b":2,"a"\t:3}', "twice"),
        (b'{"a":{"b":1,"b":2}}', "twice"),
        (b'{"a":[{"b":1,"b":2}]}', "twice"),
        (b'{"a\\u0062":1,"ab":2}', "twice"),
        (b'{"x":"\\":","a":1,"a":2}', "twice"),
        (b'{"a":NaN}', "NaN and Infinity are not JSON"),
        (b'{"a":-Infinity}', "NaN and Infinity are not JSON"),
        (b'{"a":1e999}', "range"),
        (b'{"a":' + b"9" * 5000 + b"}", "range"),
        (b'{"a":"\\ud800"}', "half a surrogate"),
        (b'{"\\udfff":1}', "half a surrogate"),
        (b'{"a":"\xff"}', "not UTF-8"),
        (b'{"\xed\xa0\x80":1}', "not UTF-8"),
        (b'{"a":"\x00"}', "not JSON at byte 7: invalid character"),
        (b"\x00\x00\x00\x00", "not JSON at byte 1: invalid character"),
        (b'{"a":' + b"[" * 100_000 + b"]" * 100_000 + b"}", "nested too deeply"),
        (b'{"a":1', "the object is not complete"),
        (b'{"a":1} {"a":2}', "trailing"),
        (b"null", "must be a JSON object, not null"),
        (b"[1,2]", "must be a JSON object, not an array"),
        (b'"text"', "must be a JSON object, not a string"),
        (b"17", "must be a JSON object, not a number"),
        (b'{"a":"' + b"x" * MAX_ROW + b'"}', "longer than 1,048,576 bytes"),
        (b'{"a":"' + b"x" * (MAX_ROW * 3) + b'"}', "longer than 1,048,576 bytes"),
    ],
)
def test_a_bad_line_is_rejected_alone(line: bytes, reason: str) -> None:
    first, bad, last = rows(b'{"n":1}\n' + line + b'\n{"n":3}\n')
    assert first.members == {"n": 1}
    assert (last.line, last.members) == (3, {"n": 3})
    assert bad.line == 2
    assert bad.members is None
    assert bad.problem is not None
    assert reason in bad.problem.reason


def test_a_key_given_twice_is_named() -> None:
    (bad,) = rows(b'{"name":"A","domain":"a.example","name":"B"}')
    assert bad.problem is not None
    assert bad.problem.field == "name"
    assert raw_text(bad.raw) == '{"name":"A","domain":"a.example","name":"B"}'


@pytest.mark.parametrize(
    "line",
    [
        b'{"a":"x\\":y","b":"\\" :"}',
        b'{ "a" : 1 , "b" : { "a" : 2 } }',
        b'{"a":{"a":{"a":[{"a":1},{"a":2}]}}}',
        b'{"a":"\\ud83d\\ude00"}',
        b'{"a":123456789012345678901234567890}',
        b"{}",
    ],
)
def test_a_strange_but_sound_line_is_read(line: bytes) -> None:
    (row,) = rows(line)
    assert row.problem is None
    assert row.members is not None


def test_a_line_of_exactly_the_limit_is_read() -> None:
    line = b'{"a":"' + b"x" * (MAX_ROW - 8) + b'"}'
    assert len(line) == MAX_ROW
    assert [row.problem for row in rows(line + b"\n" + line + b"\r\n" + line)] == [None, None, None]
