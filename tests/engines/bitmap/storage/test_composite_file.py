"""Composite file: what is written is read back, and damage is detected."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from pyroaring import BitMap

from letrics.engines.bitmap.columns.column import Column
from letrics.engines.bitmap.storage.composite_file import (
    FORMAT,
    CorruptFile,
    Plain,
    read_composite_file,
    read_leaf,
    write_composite_file,
)


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
        # Only the padding between sections has no checksum.
        assert whole[at] == 0
        assert read["numbers"].tolist() == list(range(100))
    for length in (0, 10, 100, len(whole) - 1):
        path.write_bytes(whole[:length])
        with pytest.raises(CorruptFile):
            read_composite_file(path)


def test_composite_file_single_leaf_is_read_alone(tmp_path: Path) -> None:
    path = tmp_path / "file"
    write_composite_file(path, _tree())
    assert read_leaf(path, "plain") == {"a": [1, None, "é"]}
    with pytest.raises(KeyError):
        read_leaf(path, "other")


def test_composite_file_pause_is_called_while_verifying(tmp_path: Path) -> None:
    path, calls = tmp_path / "file", list[int]()
    write_composite_file(path, {"large": np.zeros(9 << 20, np.uint8), "small": Plain(1)})
    assert read_composite_file(path, pause=lambda: calls.append(1))["small"] == 1
    assert len(calls) == 4  # 3 chunks of at most 4 MiB, and 1


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda data: data[:20], "truncated"),
        (lambda data: b"SQLite  " + data[8:], "not a saved index"),
        (lambda data: data[:-4] + (FORMAT + 1).to_bytes(4, "little"), "format"),
        (lambda data: data[:-30] + b"~" + data[-29:], "directory of the file is damaged"),
        (lambda data: data[:64] + b"~" + data[65:], "section numbers is damaged"),
    ],
)
def test_composite_file_damage_is_named(tmp_path: Path, change: Callable[[bytes], bytes], message: str) -> None:
    path = tmp_path / "file"
    write_composite_file(path, _tree())
    path.write_bytes(change(path.read_bytes()))
    with pytest.raises(CorruptFile, match=message):
        read_composite_file(path)


def test_composite_file_unknown_leaf_leaves_no_file(tmp_path: Path) -> None:
    with pytest.raises(TypeError, match="unsupported type of leaf"):
        write_composite_file(tmp_path / "file", {"set": {1}})
    assert list(tmp_path.iterdir()) == []


def test_composite_file_changed_array_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "file"
    write_composite_file(path, _tree())
    before = path.read_bytes()
    read_composite_file(path)["numbers"][:] = 7
    assert path.read_bytes() == before
