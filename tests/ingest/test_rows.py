"""Rows and the problems that reject them."""

from __future__ import annotations

from typing import Any

import pytest

from letrics.ingest.rows import RAW_KEPT, RowProblem, raw_text


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
