"""The format number of a composite file: written, checked when the file is read, and a reason to rebuild the index."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import pytest

from letrics.engines.bitmap import BitmapEngine
from letrics.engines.bitmap.storage.composite_file import (
    FORMAT,
    CorruptFile,
    read_composite_file,
    read_leaf,
    write_composite_file,
)
from letrics.engines.bitmap.storage.serializer import SnapshotUnusable, saved_position
from letrics.identity.patches import CompanyPatch
from tests.default_backends import open_store


def set_format(path: Path, number: int) -> None:
    """Replace the format number, which is the last four bytes of a file."""
    path.write_bytes(path.read_bytes()[:-4] + struct.pack("<I", number))


@pytest.fixture
def written(tmp_path: Path) -> Path:
    path = tmp_path / "file"
    write_composite_file(path, {"numbers": np.arange(3)})
    return path


def test_write_composite_file_ends_with_the_format_number(written: Path) -> None:
    assert struct.unpack("<I", written.read_bytes()[-4:]) == (FORMAT,)
    assert read_composite_file(written)["numbers"].tolist() == [0, 1, 2]


@pytest.mark.parametrize("number", [0, FORMAT - 1, FORMAT + 1])
def test_read_composite_file_of_another_format_raises(written: Path, number: int) -> None:
    set_format(written, number)
    message = f"the file has format {number}, this version reads format {FORMAT}"
    with pytest.raises(CorruptFile, match=message):
        read_composite_file(written)
    with pytest.raises(CorruptFile, match=message):
        read_leaf(written, "numbers")


def test_engine_rebuilds_an_index_of_another_format(tmp_path: Path) -> None:
    snapshot = tmp_path / "snapshot"
    with open_store(tmp_path / "letrics.db") as store:
        store.put_companies([CompanyPatch(domain="a.example", industries=("Software",))])
        first = BitmapEngine()
        first.load(store, None)
        first.save(snapshot)
        set_format(snapshot, FORMAT + 1)
        with pytest.raises(SnapshotUnusable, match=f"format {FORMAT + 1}"):
            saved_position(snapshot)
        progress: list[str] = []
        engine = BitmapEngine()
        engine.load(store, snapshot, lambda text, done, total: progress.append(text))
        assert progress[0] == (
            f"the saved index is not used: the file has format {FORMAT + 1}, this version reads format {FORMAT}"
        )
        assert "reading records" in progress
        assert engine.verify(store) == []
