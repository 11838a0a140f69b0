"""Writers skip malformed documents, which no import creates, and write the others."""

from __future__ import annotations

import csv
import io
import json
import logging
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from letrics.export.writers import FILE_FORMATS, FORMATS, ExportFormat, make_writer
from letrics.records import Company, encode

pytest.importorskip("pyarrow")
pytest.importorskip("xlsxwriter")

_TIME = "2026-01-01T00:00:00.000Z"


def company(name: str) -> bytes:
    record = Company(
        id="a.example", domain="a.example", name=name, first_seen_at=_TIME, added_at=_TIME, updated_at=_TIME
    )
    return encode(record)


def names(format: ExportFormat, documents: list[bytes]) -> list[str]:
    """The names of the written companies."""
    out = io.BytesIO()
    writer = make_writer("companies", format, out)
    writer.write(documents)
    writer.finish()
    rows: list[Any]
    if format == "jsonl":
        rows = [json.loads(line) for line in out.getvalue().decode().split("\n") if line]
    elif format == "csv":
        rows = list(csv.DictReader(io.StringIO(out.getvalue().decode(), newline="")))
    elif format == "xlsx":
        title, *found = CalamineWorkbook.from_filelike(io.BytesIO(out.getvalue())).get_sheet_by_index(0).to_python()
        rows = [dict(zip(title, row, strict=True)) for row in found]
    else:
        from pyarrow import parquet

        rows = parquet.read_table(io.BytesIO(out.getvalue())).to_pylist()
    return [row["name"] for row in rows]


@pytest.mark.parametrize("format", FILE_FORMATS)
@pytest.mark.parametrize(
    "bad",
    [b"", b"{", b'{"id":"x"', b"\x00\xff", b'{"id":"a"},{"id":"b"}', company("x").replace(b'"x"', b'"\\ud800"')],
    ids=["empty", "cut", "truncated", "not text", "two", "half a surrogate pair"],
)  # fmt: skip
def test_malformed_document_is_left_out(format: ExportFormat, bad: bytes, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR, "letrics.export"):
        assert names(format, [company("A"), bad, company("B")]) == ["A", "B"]
    assert len(caplog.records) == 1
    assert "skipped a malformed document" in caplog.text and "letrics check" in caplog.text


@pytest.mark.parametrize("format", FILE_FORMATS)
@pytest.mark.parametrize(
    "members",
    [b'"industries":[""]', b'"locations":[{"text":"\\u0000"}]', b'"emails":[{"value":"","type":"x"}]',
     b'"employees":1e400', b'"updated_at":""'],
)  # fmt: skip
def test_writer_goes_on_after_odd_values(format: ExportFormat, members: bytes) -> None:
    odd = company("odd")[:-1] + b"," + members + b"}"  # of two members of one name the last counts
    written = names(format, [company("A"), odd, company("B")])
    assert [name for name in written if name != "odd"] == ["A", "B"]


class Full(io.BytesIO):
    """A stream that fails once `failing` is set, with an error that a malformed document could raise, too."""

    failing = False

    def write(self, data: Any) -> int:
        if self.failing:
            raise ValueError("no space")
        return super().write(data)


@pytest.mark.parametrize("format", FORMATS)
def test_writer_passes_errors_of_the_stream_on(format: ExportFormat, caplog: pytest.LogCaptureFixture) -> None:
    out = Full()
    writer = make_writer("companies", format, out)
    out.failing = True
    with pytest.raises(ValueError, match="no space"):
        writer.write([company("A")] * 30_000)  # more than a row group of Parquet
    assert not caplog.records, "no document is malformed"


@pytest.mark.parametrize("format", FORMATS)
def test_control_characters_are_written(format: ExportFormat) -> None:
    name = "a\x00b\x1f\u2028c\td"
    assert names(format, [company(name)]) == [name]
