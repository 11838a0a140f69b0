"""Files inside other files: ZIP archives, compressed files inside each other, and archives that are refused."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import zstandard

from letrics.ingest.input_file import InputFile
from letrics.ingest.jsonl import read_row
from letrics.ingest.rows import DamagedFile, UnreadableFile
from letrics.ingest.source import check_text, read_source
from tests.ingest.workbooks import workbook

TABLE = b"domain\na.example\nb.example\n"
LINES = b'{"domain":"a.example"}\n{"domain":"b.example"}\n'
BOOK = workbook({"A": [["domain"], ["a.example"], ["b.example"]]})


def packed(members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return out.getvalue()


def domains(file: InputFile) -> list[str]:
    check_text(file)
    for remember in (True, False):
        source = read_source(file, remember=remember)
        found = [row.members["domain"] for row in map(read_row, source.rows) if row.members]
    return found


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.csv", TABLE), ("dir/a.txt", TABLE), ("a", LINES), ("a.xlsx", BOOK), ("a.csv.gz", gzip.compress(TABLE)),
        ("b.zip", packed({"b": LINES})), ("a.tab", TABLE.decode().encode("utf-16")), ("a.csv", BOOK),
    ],
    ids=range(8),
)  # fmt: skip
@pytest.mark.parametrize("stdin", [False, True])
def test_only_file_of_an_archive_is_read(tmp_path: Path, name: str, data: bytes, stdin: bool) -> None:
    archive = packed({"dir/": b"", "__MACOSX/._a": b"x", ".DS_Store": b"x", name: data})
    (tmp_path / "a.zip").write_bytes(archive)
    with InputFile.open("-", io.BytesIO(archive)) if stdin else InputFile.open(str(tmp_path / "a.zip")) as file:
        assert domains(file) == ["a.example", "b.example"]


@pytest.mark.parametrize("pack", [gzip.compress, zstandard.compress])
@pytest.mark.parametrize("inner", [BOOK, packed({"a.csv": TABLE}), gzip.compress(TABLE)], ids=["book", "zip", "gzip"])
def test_files_inside_each_other_are_read(pack: Callable[[bytes], bytes], inner: bytes) -> None:
    with InputFile.open("-", io.BytesIO(pack(inner))) as file:
        assert domains(file) == ["a.example", "b.example"]


def _tar() -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        member = tarfile.TarInfo("a.csv")
        member.size = len(TABLE)
        archive.addfile(member, io.BytesIO(TABLE))
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (packed({"a.csv": TABLE, "b.csv": TABLE}), r"ZIP archive of 2 files \(a.csv, b.csv\): extract it"),
        (packed({f"{n}.csv": TABLE for n in range(9)}), r"9 files \(0.csv, .*, 4.csv and 4 more\)"),
        (packed({}), "without a file"),
        (packed({"a.csv": TABLE}, zipfile.ZIP_BZIP2), "method that is not supported"),
        (_tar(), r"tar archive: extract it \(tar -xf FILE\)"),
        (gzip.compress(_tar()), r"tar archive: extract it"),
        (bz2.compress(TABLE), r"bzip2 file: extract it \(bunzip2 FILE\)"),
        (lzma.compress(TABLE), "xz file"),
        (b"7z\xbc\xaf\x27\x1c\0\0", "7z archive"),
        (b"Rar!\x1a\x07\x01\0", "RAR archive"),
        (b"%PDF-1.7\n%...", "is a PDF document: export its table as CSV"),
        (b"\x89PNG\r\n\x1a\n", "is an image"),
        (b"<html><table>", "HTML or XML"),
        (b"PK\x03\x04....", "damaged or truncated"),
        (packed({"a.csv": TABLE})[:-30], "damaged or truncated"),
        (gzip.compress(gzip.compress(gzip.compress(gzip.compress(TABLE)))), "inside each other"),
    ],
    ids=range(16),
)
def test_archive_that_is_not_read_is_refused(data: bytes, reason: str) -> None:
    with InputFile.open("-", io.BytesIO(data)) as file, pytest.raises(UnreadableFile, match=reason):
        read_source(file)


def test_archive_with_a_password_is_refused() -> None:
    data = bytearray(packed({"a.csv": TABLE}))
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    with InputFile.open("-", io.BytesIO(bytes(data))) as file, pytest.raises(UnreadableFile, match="password"):
        read_source(file)


def test_damaged_file_of_an_archive_gives_the_rows_before() -> None:
    data = bytearray(packed({"a.csv": b"domain\n" + b"a.example\n" * 100_000}, zipfile.ZIP_STORED))
    data[900_000] ^= 1
    count = 0
    with InputFile.open("-", io.BytesIO(bytes(data))) as file:
        source = read_source(file)
        with pytest.raises(DamagedFile, match="truncated or damaged after line"):  # noqa: PT012
            for _ in source.rows:
                count += 1
    assert count > 50_000


def test_progress_of_an_archive_is_in_bytes_of_the_file(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(packed({"a.csv": TABLE}))
    with InputFile.open(str(tmp_path / "a.zip")) as file:
        source = read_source(file)
        list(source.rows)
        assert 0 < source.progress() <= (source.total or 0)
