"""Parquet: rows with the types tables have, made plain."""

from __future__ import annotations

import io
import tracemalloc
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from letrics.ingest.company_mapper import CompanyMapper
from letrics.ingest.conversion import converter_for
from letrics.ingest.input_file import InputFile
from letrics.ingest.parquet import ParquetReader
from letrics.ingest.parts import read_parts
from letrics.ingest.rows import RAW_KEPT, DamagedFile, UnreadableFile
from letrics.ingest.source import read_source

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
    file = InputFile.open(name if name == "-" else str(tmp_path / name), data)
    source = read_source(file)
    assert (source.format, source.columns, source.total) == ("parquet", ["domain"], 2)
    assert [row.members for row in source.rows] == [{"domain": "a.example"}, {"domain": "b.example"}]
    assert source.progress() == 2
    file.close()


@pytest.mark.parametrize("nested", [False, True])
def test_names_of_columns_that_are_not_utf8_are_an_error(nested: bool) -> None:
    array = pa.array([{"name": "a"}]) if nested else pa.array(["a"])
    out = io.BytesIO()
    pq.write_table(pa.table({"domain": ["a.example"], "column" if nested else "name": array}), out, store_schema=False)
    damaged = out.getvalue().replace(b"name", b"n\xfdme")
    with pytest.raises(UnreadableFile, match="the name of a column is not UTF-8"):
        ParquetReader(io.BytesIO(damaged), "x.parquet")


def test_a_file_cut_off_cannot_be_read() -> None:
    data = written({"domain": ["a.example"]}).getvalue()
    with pytest.raises(UnreadableFile, match="not a complete Parquet file"):
        ParquetReader(io.BytesIO(data[:-10]), "f.parquet")


@pytest.mark.parametrize(
    "array",
    [
        pa.array([Decimal("1" * 70), Decimal("1.5")], pa.decimal256(76, 2)),
        pa.array([2**63 - 1, -(2**63) + 1], pa.timestamp("ns")),
        pa.array([2**63 - 1, -(2**63) + 1], pa.timestamp("us")),
        pa.array([0, 1], pa.timestamp("ms", "Nowhere/Nothing")),
        pa.array([2**31 - 1, -(2**31) + 1], pa.date32()),
        pa.array([1, 2], pa.time64("ns")),
        pa.array([2**62, 2], pa.duration("ns")),
        pa.array([b"\xff" * 10, b"\xed\xa0\x80"]),
        pa.array([[("a", 1)], [("b", 2)]], pa.map_(pa.string(), pa.int32())),
        pa.array([{"t": 2**62}, None], pa.struct([("t", pa.timestamp("ns"))])),
        pa.array([[2**62], [1]], pa.list_(pa.timestamp("us"))),
        pa.array([1, 2**61], pa.timestamp("ns")).dictionary_encode(),
        pa.array([float("inf"), 1e300]),
        pa.array([2**64 - 1, 1], pa.uint64()),
        pa.array([[[[[[1]]]]], None]),
        pa.array(["a\0b", "\ufeff"]),
        pa.array(["x" * 2_000_000, "a"]),
        pa.nulls(2),
    ],
    ids=lambda array: str(array.type)[:40],
)
def test_odd_types_are_read_or_rejected_by_row(array: Any) -> None:
    columns = dict.fromkeys(("name", "added_at", "locations", "employees", "emails", "industries", "x"), array)
    rows = ParquetReader(written({"domain": ["a.example", "b.example"], **columns}), "f.parquet")
    (part,) = read_parts(rows, converter_for(CompanyMapper()), 100, int)
    assert part.rows == 2
    assert len(part.patches) + len(part.refused) == 2
    for refused in part.refused:
        assert len(refused.reason) <= 300 and len(refused.raw) <= RAW_KEPT
        assert "report this as a bug" not in refused.reason


def test_long_rows_are_read_few_at_a_time() -> None:
    columns = {"domain": [f"a{n}.example" for n in range(300)], "x": ["x" * 1_000_000] * 300}
    tracemalloc.start()
    count = sum(1 for _ in ParquetReader(written(columns), "f.parquet"))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert count == 300
    assert peak < 150_000_000


def test_two_columns_of_one_name_are_an_error() -> None:
    out = io.BytesIO()
    pq.write_table(pa.table([pa.array(["a"]), pa.array(["b"])], names=["domain", "domain"]), out)
    with pytest.raises(UnreadableFile, match="two columns named domain"):
        ParquetReader(out, "f.parquet")


def test_part_without_enough_memory_ends_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    def without_memory(_: int) -> AbstractContextManager[None]:
        raise MemoryError

    monkeypatch.setattr("letrics.ingest.parquet.bounded_memory", without_memory)
    with pytest.raises(DamagedFile, match="needs more than 1,024 MiB of memory: write the file with smaller pages"):
        list(ParquetReader(written({"domain": ["a.example"]}), "f.parquet"))
