"""Files that expand, nest, spread or lie about their size: refused, or rejected by row, in bounded memory and time.

Every bomb is imported by a command in a separate process, whose greatest memory the system reports. BOMBS in the
environment makes them as large as `make reliability` wants them.
"""

from __future__ import annotations

import io
import json
import os
import struct
import subprocess
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest

from letrics.child import python_command
from letrics.ingest.zstd import MAGIC
from tests.ingest.workbooks import workbook

IS_FULL: Final = "BOMBS" in os.environ
"""Whether bombs have their full size."""
MIB: Final = 1 << 20
MEMORY: Final = 1200 * MIB
"""Greatest memory of a command, in bytes. A workbook of five million cells needs 500 MiB of it."""
SECONDS: Final = 60 if IS_FULL else 20
"""Processor time of a command."""


def _deflated(size: int) -> bytes:
    """The deflate stream of `size` zero bytes, made of one part over and over. It has no end."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    part = packer.compress(bytes(MIB)) + packer.flush(zlib.Z_FULL_FLUSH)
    return part * (size // MIB)


def _gzip(size: int) -> bytes:
    return b"\x1f\x8b\x08\0\0\0\0\0\0\x03" + _deflated(size)


def _zstd(size: int) -> bytes:
    """Frames of one block that repeats a byte 128 KiB - 1 times (RFC 8878, section 3.1.1.2.2)."""
    length = (1 << 17) - 1
    frame = MAGIC + b"\xa0" + struct.pack("<I", length) + (length << 3 | 1 << 1 | 1).to_bytes(3, "little") + b"\0"
    return frame * (size // length)


def _zip(size: int) -> bytes:
    """An archive with one file of zeros, whose header says that it has one byte."""
    data = _deflated(size)
    local = struct.pack("<4sHHHHHIIIHH", b"PK\3\4", 20, 0, 8, 0, 0, 0, len(data), 1, 5, 0) + b"a.csv"
    entry = (
        struct.pack("<4sHHHHHHIIIHHHHHII", b"PK\1\2", 20, 20, 0, 8, 0, 0, 0, len(data), size, 5, 0, 0, 0, 0, 0, 0)
        + b"a.csv"
    )
    end = struct.pack("<4sHHHHIIH", b"PK\5\6", 0, 0, 1, 1, len(entry), len(local) + len(data), 0)
    return local + data + entry + end


def _xlsx(sheet: bytes, texts: bytes = b"") -> bytes:
    """A workbook with this XML as its sheet."""
    plain, out = workbook({"A": [["email"]]}), io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(plain)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as new,
    ):
        for name in old.namelist():
            new.writestr(name, sheet if name.startswith("xl/worksheets/") else old.read(name))
        if texts:
            new.writestr("xl/sharedStrings.xml", texts)
    return out.getvalue()


def _rows(body: bytes) -> bytes:
    space = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    return b"<worksheet %s><sheetData>%s</sheetData></worksheet>" % (space, body)


def _parquet(values: int) -> bytes:
    """One row of a text that a page of some kilobytes holds."""
    pa, pq = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    out = io.BytesIO()
    text = "x" * (values * MIB)
    pq.write_table(pa.table({"domain": ["a.example", text]}), out, compression="zstd", use_dictionary=False)
    return out.getvalue()


_ROW: Final = b"<row>" + b"<c/>" * 16_384 + b"</row>"
"""A row of as many cells as a sheet can have."""
GIGABYTE: Final = (1024 if IS_FULL else 16) * MIB
"""A gigabyte, or what is enough to show that no text of that size is in memory."""
COLUMNS: Final = b",".join(b"column %d" % number for number in range(100_000))
BIG: Final = (40 << 30) if IS_FULL else 1_100 * MIB
REFUSED: Final[dict[str, tuple[str, Callable[[], bytes]]]] = {
    "gzip": ("a.csv.gz", lambda: _gzip(BIG)),
    "zstd": ("a.csv.zst", lambda: _zstd(BIG)),
    "zip": ("a.zip", lambda: _zip(2 << 30)),
    "gzip of gzip": ("a.csv.gz.gz", lambda: b"\x1f\x8b\x08\0\0\0\0\0\0\x03" + zlib.compress(_gzip(BIG), 1, -15)),
    "cells far apart": ("a.xlsx", lambda: _xlsx(_rows(b'<row r="1"><c r="A1"/></row><row><c r="XFD1048576"/></row>'))),
    "single quotes": ("a.xlsx", lambda: _xlsx(_rows(b"<row r='1'><c r='a1'/></row><row><c r='xfd1048576'/></row>"))),
    "a decoy": ("a.xlsx", lambda: _xlsx(_rows(b"<row><c r='A1'/></row><row><c x=\" r='A1'\" r='XFD1048576'/></row>"))),
    "without references": (
        "a.xlsx", lambda: _xlsx(_rows(_ROW + b"<row/>" * 500_000 + b"<row><c/></row>"))
    ),
    "many cells": ("a.xlsx", lambda: _xlsx(_rows(b"<row>" + b"<c/>" * 6_000_000 + b"</row>"))),
    "shared texts": ("a.xlsx", lambda: _xlsx(_rows(b""), b"<sst>" + b"<si/>" * 6_000_000 + b"</sst>")),
    "100,000 columns": ("a.csv", lambda: b"domain," + COLUMNS + b"\na.example" + b",x" * 100_000),
    "XML": ("a.xlsx", lambda: _xlsx(_rows(b" " * (513 * MIB)))),
}  # fmt: skip
"""By name: a file name and the data."""


def _import(directory: Path, path: Path, *more: str) -> tuple[subprocess.CompletedProcess[str], int, float]:
    """Import the file in a new process; returns the process, its greatest memory in bytes, and its processor time."""
    program = (
        "import resource, subprocess, sys; code = subprocess.call(sys.argv[1:]); "
        "used = resource.getrusage(resource.RUSAGE_CHILDREN); "
        "sys.stderr.write(f'\\nused {used.ru_maxrss} {used.ru_utime + used.ru_stime}'); sys.exit(code)"
    )
    home = directory / "home"
    command = python_command("from letrics.cli import main; main()", "--home", str(home), "import", str(path), *more)
    done = subprocess.run(python_command(program, *command), capture_output=True, text=True, check=False, cwd=directory)
    assert "Traceback" not in done.stderr, done.stderr
    text, _, used = done.stderr.rpartition("\nused ")
    memory, seconds = used.split()
    done.stderr = text
    return done, int(memory) * 1024, float(seconds)


def _check(name: str, memory: int, seconds: float) -> None:
    print(f"\n{name}: {memory >> 20} MiB, {seconds:.1f} s")  # noqa: T201
    assert memory < MEMORY
    assert seconds < SECONDS


HINTS: Final = ("extract it", "as CSV", "the maximum is", "the first line must name the columns")
"""What an error says about what to do."""
CI: Final = ("zstd", "a decoy", "without references", "100,000 columns")
"""The bombs of continuous integration: the quickest of each kind."""


@pytest.mark.parametrize("name", REFUSED if IS_FULL else CI)
def test_bomb_is_refused_in_bounded_memory(name: str, tmp_path: Path) -> None:
    file_name, make = REFUSED[name]
    path = tmp_path / file_name
    path.write_bytes(make())
    done, memory, seconds = _import(tmp_path, path, "--kind", "companies")
    assert done.returncode == 2, done.stderr
    assert file_name in done.stderr and any(hint in done.stderr for hint in HINTS), done.stderr
    _check(name, memory, seconds)
    path.unlink()


@pytest.mark.skipif(not IS_FULL, reason="makes a text of 1.5 GB: set BOMBS=1")
def test_page_of_gigabytes_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    path.write_bytes(_parquet(1_500))
    done, memory, seconds = _import(tmp_path, path, "--kind", "companies")
    assert done.returncode == 1, done.stderr
    assert "smaller pages" in done.stderr
    _check("a page of gigabytes", memory, seconds)


LINE: Final = b"x" * 59_999 + b"\n"
GOOD: Final = b'{"domain":"a.example"}'
DEEP: Final = b"[" * 100_000 + b"]" * 100_000

ODD: Final[dict[str, tuple[str, Callable[[], bytes], int]]] = {
    "a line of a gigabyte": ("a.csv", lambda: b"domain\na.example\n" + b"x" * GIGABYTE + b"\nb.example\n", 1),
    "a quoted cell of a gigabyte": ("a.csv", lambda: b'domain\n"' + LINE * (GIGABYTE // 60_000) + b'"\na.example\n', 1),
    "a line of JSON": ("a.jsonl", lambda: GOOD + b'\n{"x":"' + b"x" * GIGABYTE + b'"}\n', 1),
    "nested JSON": ("a.jsonl", lambda: GOOD + b'\n{"domain":"b.example","x":' + DEEP + b"}\n", 1),
    "nested array": ("a.json", lambda: b"[" + GOOD + b"," + DEEP + b"]", 1),
    "rejected rows": ("a.csv", lambda: b"domain,name\n" + b"no domain,\n" * (1_000_000 if IS_FULL else 20_000), 1),
    "a page of Parquet": ("a.parquet", lambda: _parquet(200 if IS_FULL else 100), 1),
}  # fmt: skip
"""By name: a file name, the data, and the exit code: 1 for rows that are rejected."""


@pytest.mark.parametrize("name", ODD)
def test_odd_file_is_imported_in_bounded_memory(name: str, tmp_path: Path) -> None:
    file_name, make, code = ODD[name]
    path = tmp_path / file_name
    path.write_bytes(make())
    done, memory, seconds = _import(tmp_path, path, "--kind", "companies", "--json")
    assert done.returncode == code, done.stderr
    assert json.loads(done.stdout), done.stdout
    _check(name, memory, seconds)
    path.unlink()
