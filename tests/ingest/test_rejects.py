"""Rejected rows: all are counted and written, the first few are stored for display."""

from __future__ import annotations

import io
from pathlib import Path

import msgspec
import pytest

from letrics.ingest.rejects import SHOWN, Reject, Rejects


@pytest.mark.parametrize(
    ("field", "text"),
    [("domain", "f.csv:7: domain: is blank"), (None, "f.csv:7: is blank")],
)
def test_reject_as_text_names_file_line_and_field(field: str | None, text: str) -> None:
    assert str(Reject("f.csv", 7, field, "is blank", "raw")) == text


def test_rejects_counts_all_and_stores_the_first() -> None:
    rejects = Rejects()
    each = [Reject("f", line, None, "bad", "") for line in range(SHOWN + 3)]
    for reject in each:
        rejects.add(reject)
    assert (rejects.count, rejects.first) == (SHOWN + 3, tuple(each[:SHOWN]))


def test_rejects_with_a_warning_only_writes_it() -> None:
    out = io.BytesIO()
    rejects = Rejects(out)
    rejects.add(Reject("f", 1, "employees", "bad", "raw", "warning"))
    assert (rejects.count, rejects.first) == (0, ())
    assert msgspec.json.decode(out.getvalue())["kind"] == "warning"


def test_rejects_with_a_file_writes_each_as_a_json_line() -> None:
    out = io.BytesIO()
    rejects = Rejects(out)
    each = [Reject("f", 1, "domain", "line\nbreak", "\u2028ü\n"), Reject("f", 2, None, "bad", "")]
    for reject in each:
        rejects.add(reject)
    lines = out.getvalue().split(b"\n")
    assert lines.pop() == b""
    assert [msgspec.json.decode(line, type=Reject) for line in lines] == each


def test_flushed_rejects_are_in_the_file(tmp_path: Path) -> None:
    path = tmp_path / "rejects.jsonl"
    with path.open("wb") as out:
        rejects = Rejects(out)
        rejects.add(Reject("f", 1, None, "bad", ""))
        rejects.flush()
        assert len(path.read_bytes().splitlines()) == 1
    Rejects().flush()
