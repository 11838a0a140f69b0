"""The forms in which programs write one text file: encodings, delimiters, workbooks, archives."""

from __future__ import annotations

import csv
import io
import json
import tarfile
import zipfile
from collections.abc import Callable

import pyarrow
import zstandard
from pyarrow import parquet

from tests.ingest.workbooks import workbook


def in_encoding(name: str) -> Callable[[bytes], bytes]:
    """A form of a text file: the same text in another encoding."""
    return lambda data: data.decode().encode(name)


def as_workbook(data: bytes) -> bytes:
    """The rows of a CSV file as a workbook."""
    return workbook({"Sheet1": list(csv.reader(io.StringIO(data.decode())))})


def as_tar(data: bytes) -> bytes:
    """A compressed tar archive of the file."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as archive:
        member = tarfile.TarInfo("contacts.csv")
        member.size = len(data)
        archive.addfile(member, io.BytesIO(data))
    return out.getvalue()


def as_zip(data: bytes) -> bytes:
    """A ZIP archive of the file."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("export.csv", data)
    return out.getvalue()


def as_zst(data: bytes) -> bytes:
    """The file compressed by Zstandard."""
    compressed: bytes = zstandard.compress(data)
    return compressed


def as_parquet(data: bytes) -> bytes:
    """The objects of a JSON array as a Parquet file, with structs and lists of structs."""
    out = io.BytesIO()
    parquet.write_table(pyarrow.Table.from_pylist(json.loads(data)), out)
    return out.getvalue()


def as_pipes(data: bytes) -> bytes:
    """The rows of a CSV file with pipes between the cells."""
    out = io.StringIO()
    csv.writer(out, delimiter="|").writerows(csv.reader(io.StringIO(data.decode())))
    return out.getvalue().encode()
