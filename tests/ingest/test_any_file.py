"""Files that are damaged or hostile: rows that cannot be used are rejected by line, and the rest is read."""

from __future__ import annotations

import gc
import gzip
import io
import json
import random
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from letrics.ingest.conversion import rows_for
from letrics.ingest.delimited import DelimitedReader
from letrics.ingest.importer import Importer
from letrics.ingest.jsonl import json_lines, read_json_lines
from letrics.ingest.mapping import mapper
from letrics.ingest.parts import BYTES, ROWS, Part, read_parts
from letrics.ingest.rows import MAX_ROW, RAW_KEPT, DamagedFile, FileRow, RowProblem, UnreadableFile, raw_text
from letrics.ingest.source import open_source
from letrics.records import Kind
from letrics.store.base import Tally
from tests.hostile import UNITS, bounded


def parts(kind: Kind, data: bytes, csv: bool) -> Iterator[Part[Any]]:
    rows = iter(DelimitedReader(io.BytesIO(data), "f.csv")) if csv else json_lines(io.BytesIO(data))
    return read_parts(rows, rows_for(mapper(kind, csv)), ROWS, int)


def rejected(kind: Kind, data: bytes, csv: bool) -> list[tuple[int, str]]:
    """Line and reason of the rejected rows."""
    return [(refused.line, refused.reason) for part in parts(kind, data, csv) for refused in part.refused]


REJECTED: dict[str, tuple[Kind, bytes, bytes, bool]] = {
    "CSV too few cells": ("companies", b"domain,name\n", b"a\n", True),
    "CSV not UTF-8": ("companies", b"domain,name\n", b"a,\xff\n", True),
    "CSV stray quote": ("companies", b"domain,name\n", b'a,"b"c\n', True),
    "CSV bad value": ("companies", b"domain,name\n", b"a,b\n", True),
    "CSV contacts": ("contacts", b"company_domain,name\n", b"a\n", True),
    "JSON cut off": ("contacts", b"", b'{"a":\n', False),
    "JSON of companies": ("companies", b"", b'{"a":\n', False),
    "JSON key twice": ("companies", b"", b'{"a":1,"a":2}\n', False),
    "JSON bad value": ("contacts", b"", b'{"company_domain":"x"}\n', False),
    "JSON bad nested value": ("contacts", b"", b'{"id":1,"company":{"domain":"x","name":[1]}}\n', False),
    "JSON names beyond number": ("contacts", b"", b'{"NUMBER":1}\n', False),
}
"""Kinds of rows that are rejected: kind of record, first line, row, and whether it is CSV."""


@pytest.mark.parametrize("name", REJECTED)
def test_rejected_rows_leave_nothing_in_memory(name: str) -> None:
    """An import of millions runs without the garbage collector, so that a cycle for each row would stay for good."""
    kind, head, row, csv = REJECTED[name]
    few, many = (
        head + b"".join(row.replace(b"NUMBER", b"n%d" % number) for number in range(count)) for count in (100, 20_000)
    )
    assert len(rejected(kind, few, csv)) == 100
    gc.collect()
    gc.disable()
    try:
        tracemalloc.start()
        count = sum(len(part.refused) for part in parts(kind, many, csv))
        grown, _ = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        cycles = gc.collect()
    finally:
        gc.enable()
    assert count == 20_000
    assert grown < 1_000_000
    assert cycles < 1_000


def test_long_rows_make_small_parts() -> None:
    row = b'{"domain":"acme.example","description":"' + b"x" * 90_000 + b'"}\n'
    sizes = [part.rows for part in parts("companies", row * 200, False)]
    assert sum(sizes) == 200
    assert max(sizes) * len(row) <= BYTES + len(row)


def test_long_rows_are_written_in_small_batches() -> None:
    batches: list[int] = []

    def write(batch: list[Any], _: object) -> Tally:
        batches.append(len(batch))
        return Tally()

    row = b'{"domain":"acme.example","description":"' + b"x" * 90_000 + b'"}\n'
    rows = (row for row in json_lines(io.BytesIO(row * 400)))
    importer = Importer(batch_size=100_000, batch_bytes=10_000_000)
    importer.run("f.jsonl", rows, mapper("companies"), write)
    assert sum(batches) == importer.report.kept == 400
    assert max(batches) < 200


def test_bug_in_a_mapper_rejects_its_row_alone() -> None:
    reading = rows_for(mapper("companies"))
    read = reading.read

    class Faulty:
        mapper = reading.mapper
        ahead = staticmethod(lambda rows: rows)

        @staticmethod
        def read(row: FileRow) -> Any:
            if row.line == 2:
                raise IndexError("secret")
            return read(row)

    data = b'{"domain":"a.example"}\n' * 3
    (part,) = read_parts(json_lines(io.BytesIO(data)), Faulty(), 100, int)  # type: ignore[arg-type]
    assert len(part.patches) == 2
    assert [(refused.line, refused.reason) for refused in part.refused] == [
        (2, "the program failed on this row (IndexError): report this as a bug")
    ]


@pytest.mark.parametrize("depth", [10, 400, 900, 960, 980, 990, 1_000, 5_000, 200_000])
@pytest.mark.parametrize(
    "row",
    ['{"id":"1","company":{"domain":"a.example","name":%s}}', '{"id":"1","company":{"domain":"a.example","x":%s}}',
     '{"id":"1","company_domain":"a.example","emails":%s}', '{"id":"1","company_domain":"a.example","x":%s}',
     '{"company_domain":"a.example","company_locations":%s}'],
)  # fmt: skip
def test_deep_json_is_read_or_rejected_alone(row: str, depth: int) -> None:
    good = '{"id":"1","company_domain":"a.example"}'
    for nested in ("[" * depth + "]" * depth, '{"a":' * depth + "1" + "}" * depth):
        data = "\n".join([good, row % nested, good]).encode()
        assert all(line == 2 for line, _ in rejected("contacts", data, csv=False))


@pytest.mark.parametrize(
    "value", ["NaN", "-Infinity", "1e999", "9" * 5_000, "9" * 4_000, "1e308", "-0", "1" + "0" * 400]
)
@pytest.mark.parametrize("column", ["name", "employees", "locations", "emails", "added_at", "industries", "x"])
def test_numbers_beyond_bounds_are_read_or_rejected(column: str, value: str) -> None:
    data = f'{{"domain":"a.example","{column}":{value}}}\n{{"domain":"b.example"}}\n'.encode()
    for line, reason in rejected("companies", data, csv=False):
        assert line == 1 and len(reason) <= 200


def test_csv_quote_open_to_the_end_costs_its_line_alone() -> None:
    data = b'domain,name\na.example,"A\n' + b"b.example,%s\n" % (b"B" * 100) * 15_000
    tracemalloc.start()
    reader = DelimitedReader(io.BytesIO(data), "f.csv")
    bad, *_ = first = [next(rows := iter(reader)), next(rows)]
    good = sum(row.problem is None for row in rows)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert bad.line == 2 and bad.problem is not None and "not closed" in bad.problem.reason
    assert first[1].problem is None
    assert good == 14_999
    assert peak < 60_000_000


def test_csv_quotes_open_in_every_line_take_linear_time() -> None:
    with bounded(60):
        rows = list(DelimitedReader(io.BytesIO(b"domain,name\n" + b'x","\n' * 20_000), "f.csv"))
    assert [row.line for row in rows] == list(range(2, 20_002))
    assert all(row.problem is not None for row in rows)


@pytest.mark.parametrize("columns", [10_001, 100_000])
def test_csv_of_too_many_columns_is_an_error(columns: int) -> None:
    for head in (",".join(f"c{number}" for number in range(columns)), "," * (columns - 1), "a," * (columns - 1) + "a"):
        with bounded(5), pytest.raises(UnreadableFile, match="the maximum is 10,000") as raised:
            DelimitedReader(io.BytesIO(head.encode() + b"\n"), "f.csv")
        assert len(str(raised.value)) < 200


def test_csv_row_of_many_cells_and_long_cells_is_rejected() -> None:
    data = b"domain,name\n" + b"," * 100_000 + b"x\n" + b"a.example," + b"x" * (MAX_ROW * 3) + b"\nb.example,B\n"
    bad, long, good = DelimitedReader(io.BytesIO(data), "f.csv")
    assert bad.problem is not None and "100001 cells" in bad.problem.reason
    assert long.problem is not None and "longer than" in long.problem.reason
    assert good.members == {"domain": "b.example", "name": "B"}


@pytest.mark.parametrize("mark", ['"', "'", "a", "\r", "\udc80", "é", "\\", "\t", " ", ";", "^"])
def test_csv_separator_line_is_taken_or_passed_over(mark: str) -> None:
    data = f"sep={mark}\ndomain{mark}name\na.example{mark}A\n".encode("utf-8", "surrogateescape")
    try:
        rows = list(DelimitedReader(io.BytesIO(data), "f.csv"))
    except UnreadableFile:
        return
    assert len(rows) <= 3


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


def _noise(random_: random.Random) -> bytes:
    pieces = [
        *(unit.encode("utf-8", "surrogatepass") for unit in UNITS),
        b'"',
        b",",
        b"\n",
        b"\r\n",
        b"a.example",
        b"\xff",
    ]
    return b"".join(random_.choice(pieces) for _ in range(random_.randrange(300)))


def _complaint(data: bytes) -> str:
    """Why data cannot be read as CSV; blank where it can."""
    try:
        list(DelimitedReader(io.BytesIO(data), "f.csv"))
    except UnreadableFile as error:
        return str(error)
    return ""


def test_random_bytes_are_rejected_by_line(seed: int) -> None:
    random_ = random.Random(seed)
    for _ in range(300):
        noise = _noise(random_)
        for row in read_json_lines(io.BytesIO(noise)):
            assert row.problem is not None or isinstance(row.members, dict)
        for kind, head in (
            ("companies", b"domain,name,locations,emails\n"),
            ("contacts", b"id,company_domain,emails,phone\n"),
        ):
            for part in parts(kind, head + noise, csv=True):  # type: ignore[arg-type]
                for refused in part.refused:
                    assert refused.line > 1 and len(refused.reason) <= 1_000 and len(refused.raw) <= RAW_KEPT
                    json.dumps(refused.raw + refused.reason).encode()
        assert len(_complaint(noise)) < 1_000


def _compressed(ending: str, data: bytes) -> bytes:
    if ending == ".gz":
        return gzip.compress(data, 9)
    compressed: bytes = pytest.importorskip("zstandard").ZstdCompressor(level=19).compress(data)
    return compressed


@pytest.mark.parametrize("ending", [".gz", ".zst"])
def test_bomb_is_read_in_bounded_memory(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"companies.jsonl{ending}"
    path.write_bytes(
        _compressed(ending, b'{"domain":"a.example"}\n' + b"\0" * 200_000_000 + b'\n{"domain":"b.example"}\n')
    )
    assert path.stat().st_size < 1_000_000
    tracemalloc.start()
    source = open_source(str(path))
    rows = [(row.line, row.problem is None) for row in source.rows]
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    source.close()
    assert rows == [(1, True), (2, False), (3, True)]
    assert peak < 100_000_000


@pytest.mark.parametrize("ending", [".gz", ".zst"])
@pytest.mark.parametrize("kept", [0.2, 0.5, 0.99])
def test_truncated_file_names_the_last_line(tmp_path: Path, ending: str, kept: float) -> None:
    rows = b"".join(b'{"domain":"a%d.example","name":"%d"}\n' % (n, n * n * 7919) for n in range(60_000))
    data = _compressed(ending, rows)
    path = tmp_path / f"companies.jsonl{ending}"
    path.write_bytes(data[: int(len(data) * kept)])
    source = open_source(str(path))
    with pytest.raises(DamagedFile, match="truncated or damaged after line"):
        list(source.rows)
    source.close()
