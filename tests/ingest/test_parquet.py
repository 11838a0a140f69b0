"""Parquet: rows with the types tables have, made plain."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from letrics.ingest.mapping import CompanyMapper
from letrics.ingest.parquet import ParquetReader
from letrics.ingest.rows import UnreadableFile
from letrics.ingest.source import open_source

pa = pytest.importorskip("pyarrow")
pq = pytest.importorskip("pyarrow.parquet")


def written(columns: dict[str, Any]) -> io.BytesIO:
    out = io.BytesIO()
    pq.write_table(pa.table(columns), out)
    out.seek(0)
    return out


@pytest.mark.parametrize(
    ("array", "value"),
    [
        (pa.array(["a", None]), "a"),
        (pa.array([12.0, float("nan")]), 12),
        (pa.array([1.5, None]), 1.5),
        (pa.array([Decimal("1200.00"), None]), 1200),
        (pa.array([["a", "b"], None]), ["a", "b"]),
        (pa.array([[{"value": "a@b.example", "type": None}], None]), [{"value": "a@b.example", "type": None}]),
        (pa.array([date(2026, 1, 31), None]), "2026-01-31"),
        (pa.array([datetime(2026, 1, 31, 9, 30), None], pa.timestamp("ns")), "2026-01-31T09:30:00.000Z"),
        (pa.array([1234567, None], pa.timestamp("ns")), "1970-01-01T00:00:00.001Z"),
        (pa.array([datetime(2026, 1, 31, 9, 30, tzinfo=UTC), None], pa.timestamp("us", "Asia/Tokyo")),
         "2026-01-31T09:30:00.000Z"),
        (pa.array([b"bytes", None]), "bytes"),
        (pa.array(["x", None]).dictionary_encode(), "x"),
        (pa.array([7, None], pa.int16()), 7),
        (pa.array([True, None]), True),
    ],
)  # fmt: skip
def test_values_are_as_json_would_have_them(array: Any, value: object) -> None:
    first, second = ParquetReader(written({"x": array}), "f.parquet")
    assert (first.line, first.members) == (1, {"x": value})
    assert (second.line, second.members) == (2, {"x": None})


def test_a_text_that_is_not_utf8_rejects_its_row_alone() -> None:
    array = pa.Array.from_buffers(
        pa.string(), 3, [None, pa.py_buffer(b"\0\0\0\0\1\0\0\0\2\0\0\0\3\0\0\0"), pa.py_buffer(b"a\xffb")]
    )
    read = list(ParquetReader(written({"x": array}), "f.parquet"))
    assert [row.problem is None for row in read] == [True, False, True]
    assert (read[1].line, read[2].members) == (2, {"x": "b"})


def test_rows_are_mapped_and_null_clears() -> None:
    table = {"domain": ["acme.example"], "name": pa.array([None], pa.string()), "technologies": [["React"]]}
    (row,) = ParquetReader(written(table), "f.parquet")
    assert row.members is not None
    patch = CompanyMapper().read(row.members)
    assert (patch.domain, patch.name, patch.technologies) == ("acme.example", None, ("React",))


def test_a_time_out_of_range_is_the_mappings_to_refuse() -> None:
    (row,) = ParquetReader(written({"added_at": pa.array([2**60], pa.timestamp("ms"))}), "f.parquet")
    assert row.members == {"added_at": f"{2**60} ms"}


@pytest.mark.parametrize("name", ["f.parquet", "f.bin", "-"])
def test_files_and_standard_input(tmp_path: Path, name: str) -> None:
    data = written({"domain": ["a.example", "b.example"]})
    if name != "-":
        (tmp_path / name).write_bytes(data.getvalue())
    source = open_source(name if name == "-" else str(tmp_path / name), data)
    assert (source.format, source.columns, source.total) == ("parquet", ["domain"], 2)
    assert [row.members for row in source.rows] == [{"domain": "a.example"}, {"domain": "b.example"}]
    assert source.progress() == 2
    source.close()


def test_a_file_cut_off_cannot_be_read() -> None:
    data = written({"domain": ["a.example"]}).getvalue()
    with pytest.raises(UnreadableFile, match="not a whole Parquet file"):
        ParquetReader(io.BytesIO(data[:-10]), "f.parquet")
