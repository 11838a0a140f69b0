"""Rows and the problems that reject them."""

from __future__ import annotations

from typing import Any

import pytest

from letrics.ingest.rows import RAW_KEPT, FileRow, RowProblem, raw_text, row_size


@pytest.mark.parametrize(
    "raw", [b"\xff" * 100_000, ["é\udc80" * 50_000], ["x"] * 100_000, {"a": "x" * 100_000}, {"a": object()}]
)
def test_raw_text_is_short_and_encodable(raw: Any) -> None:
    text = raw_text(raw)
    assert len(text) <= RAW_KEPT
    text.encode()


def test_problem_is_short_and_encodable() -> None:
    problem = RowProblem("\ud800" * 100_000, "x\udc80" * 100_000)
    assert problem.field is not None and len(problem.field) <= 200 and len(problem.reason) <= 1_000
    (problem.field + problem.reason).encode()


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (b'{"a":1}\r\n', '{"a":1}'),
        (b"\xff", "\ufffd"),
        (['a,"b\n', 'c"\n'], 'a,"b\nc"'),
        (["\udcff"], "\ufffd"),
        ({"a": [1, None]}, '{"a":[1,null]}'),
        ({"a": "\ud800"}, "1 columns that cannot be written as JSON"),
    ],
)
def test_raw_text_is_the_row_as_written(raw: Any, text: str) -> None:
    assert raw_text(raw) == text


@pytest.mark.parametrize(("raw", "size"), [(b"abc", 3), (["ab", "c"], 3), ({"a": "abc"}, 0)])
def test_row_size_counts_bytes_and_lines_alone(raw: Any, size: int) -> None:
    assert row_size(FileRow(1, raw, None)) == size


def test_problem_again_is_an_equal_copy() -> None:
    problem = RowProblem("domain", "is blank")
    copy = problem.again()
    assert copy is not problem
    assert (copy.field, copy.reason, str(copy)) == ("domain", "is blank", "is blank")
