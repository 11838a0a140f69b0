"""The snapshot's file format: a tree of named arrays and sets, each with a checksum.

Format 1: magic "LETRICSX", the leaves one after the other (each at a multiple of 64 bytes), the directory (JSON), and a
tail of fixed size: where the directory starts, its length, its CRC-32 and the format's number. A leaf is an array as
numpy holds it, sets as their portable Roaring serialisation with their sizes, or a value as MessagePack.

History. 1: first.
"""

from __future__ import annotations

import mmap
import os
import struct
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, BinaryIO, Final

import msgspec
import numpy as np
from pyroaring import BitMap

FORMAT: Final = 1
_MAGIC: Final = b"LETRICSX"
_TAIL: Final = struct.Struct("<QQII")
_ALIGN: Final = 64

Leaf = np.ndarray[Any, Any] | list[BitMap] | BitMap | Any
Tree = Mapping[str, Any]
"""Names to leaves: arrays, sets, lists of sets, or plain values wrapped in `Plain`."""


class Plain(msgspec.Struct, frozen=True):
    """A leaf that is any value MessagePack holds."""

    value: Any


class _Entry(msgspec.Struct, frozen=True):
    kind: str
    offset: int
    size: int
    crc: int
    dtype: str = ""


class Damaged(Exception):
    """The file is not a whole snapshot of a format this program reads; the text says what is wrong."""


def write_container(path: Path, tree: Tree) -> None:
    """Write the tree beside `path`, flush it to disk, and rename it there. Raises OSError."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    beside = path.with_name(f"{path.name}.{os.getpid()}.new")
    try:
        with beside.open("wb") as file:
            beside.chmod(0o600)
            _write(file, tree)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def _write(file: BinaryIO, tree: Tree) -> None:
    file.write(_MAGIC)
    directory: dict[str, _Entry] = {}
    for name, leaf in tree.items():
        kind, dtype, data = _pack(leaf)
        file.write(b"\0" * (-file.tell() % _ALIGN))
        directory[name] = _Entry(kind, file.tell(), len(data), zlib.crc32(data), dtype)
        file.write(data)
    start = file.tell()
    listing = msgspec.json.encode(directory)
    file.write(listing)
    file.write(_TAIL.pack(start, len(listing), zlib.crc32(listing), FORMAT))


def _pack(leaf: Leaf) -> tuple[str, str, Any]:
    match leaf:
        case np.ndarray():
            return "array", leaf.dtype.str, np.ascontiguousarray(leaf).view(np.uint8).data
        case BitMap():
            return "sets", "", _pack_sets([leaf])
        case list():
            return "sets", "", _pack_sets(leaf)
        case Plain(value):
            return "plain", "", msgspec.msgpack.encode(value)
    raise TypeError(f"a snapshot cannot hold {type(leaf)}")


def _pack_sets(sets: list[BitMap]) -> bytes:
    parts = [numbers.serialize() for numbers in sets]
    sizes = np.array([len(parts), *map(len, parts)], dtype=np.uint64).tobytes()
    return b"".join([sizes, *parts])


def read_container(path: Path) -> dict[str, Any]:
    """The tree in the file; arrays are read-only views of it. Raises FileNotFoundError, or Damaged when any part of it
    is not as it was written."""
    data, directory = _open(path)
    return {name: _unpack(name, entry, data) for name, entry in directory.items()}


def read_leaf(path: Path, name: str) -> Any:
    """One leaf alone, without reading the others. Raises as `read_container`, or KeyError."""
    data, directory = _open(path)
    return _unpack(name, directory[name], data)


def _open(path: Path) -> tuple[memoryview, dict[str, _Entry]]:
    with path.open("rb") as file:
        if os.fstat(file.fileno()).st_size < len(_MAGIC) + _TAIL.size:
            raise Damaged("it is cut short")
        data = memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
    if bytes(data[: len(_MAGIC)]) != _MAGIC:
        raise Damaged("it is no snapshot")
    start, length, crc, form = _TAIL.unpack(data[-_TAIL.size :])
    if form != FORMAT:
        raise Damaged(f"it is of format {form}, this program reads {FORMAT}")
    listing = data[start : start + length]
    if len(listing) != length or zlib.crc32(listing) != crc:
        raise Damaged("its directory is damaged")
    return data, msgspec.json.decode(listing, type=dict[str, _Entry])


def _unpack(name: str, entry: _Entry, data: memoryview) -> Any:
    part = data[entry.offset : entry.offset + entry.size]
    if len(part) != entry.size or zlib.crc32(part) != entry.crc:
        raise Damaged(f"its part {name} is damaged")
    if entry.kind == "array":
        return np.frombuffer(part, dtype=np.dtype(entry.dtype))
    if entry.kind == "plain":
        return msgspec.msgpack.decode(part)
    count = int(np.frombuffer(part[:8], dtype=np.uint64)[0])
    sizes = np.frombuffer(part[8 : 8 + 8 * count], dtype=np.uint64).tolist()
    at, sets = 8 + 8 * count, []
    for size in sizes:
        sets.append(BitMap.deserialize(bytes(part[at : at + size])))
        at += size
    return sets
