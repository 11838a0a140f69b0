"""Composite file: what is written is read back, and damage is detected."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest
from pyroaring import BitMap

from letrics.engines.bitmap.columns.column import Column
from letrics.engines.bitmap.storage.composite_file import CorruptFile, Plain, read_composite_file, write_composite_file


def _tree() -> dict[str, object]:
    return {
        "numbers": np.arange(100, dtype=np.int64),
        "nothing": np.zeros(0, np.uint32),
        "sets": [BitMap([1, 2, 3]), BitMap(), BitMap(range(100_000))],
        "plain": Plain({"a": [1, None, "é"]}),
    }


def test_composite_file_written_tree_is_read_back(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "file"
    write_composite_file(path, _tree())
    read = read_composite_file(path)
    assert read["numbers"].tolist() == list(range(100))
    assert read["nothing"].dtype == np.uint32
    assert read["sets"].part(0, 3) == [BitMap([1, 2, 3]), BitMap(), BitMap(range(100_000))]
    assert read["plain"] == {"a": [1, None, "é"]}
    assert [p.name for p in path.parent.iterdir()] == ["file"]


def test_composite_file_column_is_read_as_one_array(tmp_path: Path) -> None:
    grown, new = Column(np.int32, data=np.arange(5, dtype=np.int32)), Column(np.uint64)
    grown.append(np.array([7, 8], dtype=np.int32))
    grown.put(np.array([0, 6]), [-1, 9])
    new.append(np.array([3], dtype=np.uint64))
    write_composite_file(tmp_path / "file", {"grown": grown, "new": new, "nothing": Column(np.bool_)})
    read = read_composite_file(tmp_path / "file")
    assert read["grown"].tolist() == [-1, 1, 2, 3, 4, 7, 9]
    assert read["new"].tolist() == [3] and read["new"].dtype == np.uint64
    assert len(read["nothing"]) == 0


def test_composite_file_any_damage_is_detected(tmp_path: Path) -> None:
    path = tmp_path / "file"
    write_composite_file(path, _tree())
    whole = path.read_bytes()
    generator = random.Random(5)
    for _ in range(200):
        at = generator.randrange(len(whole))
        path.write_bytes(whole[:at] + bytes([whole[at] ^ (1 << generator.randrange(8))]) + whole[at + 1 :])
        try:
            read = read_composite_file(path)
        except (CorruptFile, ValueError):
            continue
        # What is between the parts is padding; everything else has a checksum.
        assert whole[at] == 0
        assert read["numbers"].tolist() == list(range(100))
    for length in (0, 10, 100, len(whole) - 1):
        path.write_bytes(whole[:length])
        with pytest.raises(CorruptFile):
            read_composite_file(path)
