"""Opening files: formats by first bytes, name or first character; compressed, damaged and empty files."""

from __future__ import annotations

import gzip
import io
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pyarrow
import pytest
import zstandard
from pyarrow import parquet

from letrics.ingest.input_file import InputFile
from letrics.ingest.jsonl import read_row
from letrics.ingest.rows import DamagedFile, UnreadableFile
from letrics.ingest.source import check_text, read_source
from letrics.ingest.text_rules import TextRules

Pack = Callable[[bytes], bytes]


LINES = b'{"domain":"a.example"}\n{"domain":"b.example"}\n'


TABLE = b"domain\na.example\nb.example\n"


def domains(path: Path) -> list[str]:
    with InputFile.open(str(path)) as file:
        return [row.members["domain"] for row in map(read_row, read_source(file).rows) if row.members]


@pytest.mark.parametrize("data", [LINES, TABLE])
@pytest.mark.parametrize("ending", ["", ".gz", ".zst", ".bin"])
@pytest.mark.parametrize("pack", [bytes, gzip.compress, zstandard.compress])
def test_compression_is_detected_despite_the_name(
    tmp_path: Path, data: bytes, ending: str, pack: Callable[[bytes], bytes]
) -> None:
    path = tmp_path / f"file{ending}"
    path.write_bytes(pack(data))
    assert domains(path) == ["a.example", "b.example"]


@pytest.mark.parametrize(
    "data", [LINES, TABLE, gzip.compress(LINES, mtime=0), zstandard.compress(TABLE), b"\n \n" + LINES]
)
def test_format_of_standard_input_is_detected(data: bytes) -> None:
    source = read_source(InputFile.open("-", io.BytesIO(data)))
    assert [row.members["domain"] for row in map(read_row, source.rows) if row.members] == ["a.example", "b.example"]
    assert (source.name, source.total) == ("standard input", None)


def test_several_compressed_parts_are_one_file(tmp_path: Path) -> None:
    for name, pack in (("a.jsonl.gz", gzip.compress), ("a.jsonl.zst", zstandard.compress)):
        path = tmp_path / name
        path.write_bytes(pack(LINES) + pack(LINES))
        assert len(domains(path)) == 4


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("a.xlsx", b"PK\x03\x04....", "damaged or truncated"),
        ("a.parquet", b"domain\na.example\n", "not a Parquet file"),
        ("a.parquet", b"PAR1 and no more", "not a complete Parquet file"),
        ("a.csv.gz", b"\x1f\x8b\x08\x00nonsense", "cannot be decompressed: it is damaged or truncated"),
    ],
)
def test_unreadable_file_is_named_with_the_reason(tmp_path: Path, name: str, data: bytes, reason: str) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    with InputFile.open(str(path)) as file, pytest.raises(UnreadableFile, match=reason) as raised:
        read_source(file)
    assert str(path) in str(raised.value)


@pytest.mark.parametrize("pack", [gzip.compress, zstandard.compress])
def test_a_file_that_breaks_off_gives_the_rows_before(tmp_path: Path, pack: Pack) -> None:
    packed = pack(b"".join(b'{"domain":"company%d.example"}\n' % (n * n) for n in range(200_000)))
    path = tmp_path / "a.jsonl"
    path.write_bytes(packed[: len(packed) // 2])
    file = InputFile.open(str(path))
    source = read_source(file)
    read = []
    with pytest.raises(DamagedFile, match=r"truncated or damaged after line [1-9]"):  # noqa: PT012
        for row in source.rows:
            read.append(read_row(row))
    file.close()
    assert 0 < len(read) < 200_000
    assert all(row.problem is None for row in read)


def test_an_empty_file_has_no_rows(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"")
    assert domains(path) == []


def test_progress_is_in_bytes_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(LINES)
    file = InputFile.open(str(path))
    source = read_source(file)
    assert source.total == len(LINES)
    list(source.rows)
    assert source.progress() == len(LINES)
    file.close()


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
    file = InputFile.open(str(path))
    source = read_source(file)
    rows = [(row.line, row.problem is None) for row in source.rows]
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    file.close()
    assert rows == [(1, True), (2, False), (3, True)]
    assert peak < 100_000_000


@pytest.mark.parametrize("ending", [".gz", ".zst"])
@pytest.mark.parametrize("kept", [0.2, 0.5, 0.99])
def test_truncated_file_names_the_last_line(tmp_path: Path, ending: str, kept: float) -> None:
    rows = b"".join(b'{"domain":"a%d.example","name":"%d"}\n' % (n, n * n * 7919) for n in range(60_000))
    data = _compressed(ending, rows)
    path = tmp_path / f"companies.jsonl{ending}"
    path.write_bytes(data[: int(len(data) * kept)])
    file = InputFile.open(str(path))
    source = read_source(file)
    with pytest.raises(DamagedFile, match="truncated or damaged after line"):
        list(source.rows)
    file.close()


def test_want_leaves_out_the_cells_of_other_columns(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("domain,Notes,name\nacme.example,x,Acme\nbolt.example,y,\n")
    with InputFile.open(str(path)) as file:
        source = read_source(file)
        source.want(["domain", "name"])
        rows = [row.members for row in source.rows]
    assert rows == [{"domain": "acme.example", "name": "Acme"}, {"domain": "bolt.example"}]


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
@pytest.mark.parametrize("data", [LINES, TABLE])
@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_text_of_any_unicode_encoding_is_read(tmp_path: Path, data: bytes, encoding: str, pack: Pack) -> None:
    path = tmp_path / "file"
    path.write_bytes(pack(data.decode().encode(encoding)))
    with InputFile.open(str(path)) as file:
        check_text(file)
    assert domains(path) == ["a.example", "b.example"]


def test_given_encoding_is_used_without_a_mark() -> None:
    data = "domain,name\na.example,山田\n"
    for encoding, rules in (("shift_jis", TextRules("shift_jis")), ("utf-8-sig", TextRules("shift_jis"))):
        file = InputFile.open("-", io.BytesIO(data.encode(encoding)))
        assert [row.members for row in read_source(file, rules).rows] == [{"domain": "a.example", "name": "山田"}]


@pytest.mark.parametrize("pack", [bytes, gzip.compress, zstandard.compress])
def test_invalid_byte_far_away_refuses_a_file(tmp_path: Path, pack: Pack) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(pack(b"domain,name\n" + b"a.example,A\n" * 100_000 + "b.example,Müller\n".encode("cp1252")))
    with InputFile.open(str(path)) as file:
        with pytest.raises(
            UnreadableFile, match=r"line 100,002 is not UTF-8.*“b.example,Müller”: pass --encoding cp1252"
        ):
            check_text(file)
        check_text(file, TextRules("cp1252"))


def test_invalid_byte_in_a_pipe_ends_the_rows_before_it() -> None:
    data = b"domain,name\n" + b"a.example,A\n" * 100_000 + "b.example,Müller\n".encode("cp1252")
    source, count = read_source(InputFile.open("-", io.BytesIO(data))), 0
    with pytest.raises(DamagedFile, match=r"standard input: line 100,002 is not UTF-8"):  # noqa: PT012
        for row in source.rows:
            count += row.problem is None
    assert count == 100_000


def test_invalid_byte_at_the_start_refuses_a_pipe() -> None:
    for data in (b"domain,name\na.example,A\nb.example,M\xfcller\n", b'{"domain":"a.example"}\n{"domain":"\xfc"}\n'):
        with pytest.raises(UnreadableFile, match="is not UTF-8"):
            read_source(InputFile.open("-", io.BytesIO(data)))


def test_structs_of_parquet_are_columns(tmp_path: Path) -> None:
    rows = [{"name": "Ann", "organization": {"name": "Acme", "hq": {"state": "Berlin"}}}, {"name": "Bob"}]
    parquet.write_table(pyarrow.Table.from_pylist(rows), tmp_path / "a.parquet")
    with InputFile.open(str(tmp_path / "a.parquet")) as file:
        source = read_source(file)
        assert source.columns == ["name", "organization.name", "organization.hq.state"]
        first, second = [row.members for row in source.rows]
    assert first == {"name": "Ann", "organization.name": "Acme", "organization.hq.state": "Berlin"}
    assert second == {"name": "Bob", "organization": None}


def test_lines_above_the_header_are_skipped() -> None:
    file = InputFile.open("-", io.BytesIO(b"domain,name\n\n" + TABLE))
    assert [row.members for row in read_source(file, TextRules(skip_lines=2)).rows] == [
        {"domain": "a.example"},
        {"domain": "b.example"},
    ]
