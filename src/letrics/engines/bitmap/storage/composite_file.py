"""The snapshot's file format: a tree of named arrays and sets, each with a checksum.

Format 2: magic "LETRICSX", the leaves one after the other (each at a multiple of 64 bytes), the directory (JSON), and a
tail of fixed size: where the directory starts, its length, its CRC-32 and the format's number. A leaf is an array as
numpy holds it; sets: how many (8 bytes), where each begins and the last ends (8 bytes each, from the first set on),
and their portable Roaring serialisations; or a value as MessagePack. Its checksum is XXH3 of 64 bits.

The file is mapped, not read: arrays and sets are views of it, which take memory only as far as they are written to
(a private mapping: the file itself is never changed).

History. 1: sets with their sizes, CRC-32 of leaves. 2: sets with offsets, read in place; XXH3 (four times faster);
texts as words, times with ranks. 3: sets of many as bits too. 4: forms of domains. 5: pairs of
words; all parts of an index of texts.
"""

from __future__ import annotations

import mmap
import os
import struct
import zlib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO, Final

import msgspec
import numpy as np
import xxhash
from pyroaring import BitMap

from letrics.engines.bitmap.kernel.arrays import Column
from letrics.engines.bitmap.kernel.parallel import in_threads
from letrics.engines.bitmap.storage.bitmap_store import Sets, Shelf

FORMAT: Final = 5
_MAGIC: Final = b"LETRICSX"
_TAIL: Final = struct.Struct("<QQII")
_ALIGN: Final = 64
_SLICE: Final = 4 << 20
"""So many bytes are checked at a time: other threads run between."""

Leaf = np.ndarray[Any, Any] | Column | Sets | list[BitMap] | Any
Tree = Mapping[str, Any]
"""Names to leaves: arrays, columns (read again as arrays), sets, or plain values wrapped in `Plain`."""


class Plain(msgspec.Struct, frozen=True):
    """A leaf that is any value MessagePack holds."""

    value: Any


class _Entry(msgspec.Struct, frozen=True):
    kind: str
    offset: int
    size: int
    hash: int
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
        kind, dtype, parts = _pack(leaf)
        file.write(b"\0" * (-file.tell() % _ALIGN))
        start, hashed = file.tell(), xxhash.xxh3_64()
        for part in _sliced(parts):
            hashed.update(part)
            file.write(part)
        directory[name] = _Entry(kind, start, file.tell() - start, hashed.intdigest(), dtype)
    start = file.tell()
    listing = msgspec.json.encode(directory)
    file.write(listing)
    file.write(_TAIL.pack(start, len(listing), zlib.crc32(listing), FORMAT))


def _sliced(parts: list[Any]) -> Iterator[memoryview]:
    for part in parts:
        view = memoryview(part)
        for at in range(0, len(view), _SLICE):
            yield view[at : at + _SLICE]


def _pack(leaf: Leaf) -> tuple[str, str, list[Any]]:
    match leaf:
        case np.ndarray():
            return "array", leaf.dtype.str, [np.ascontiguousarray(leaf).view(np.uint8).data]
        case Column():  # in pieces: one array of them would be a copy of all
            pieces = [np.ascontiguousarray(piece).view(np.uint8).data for piece in leaf.pieces() if len(piece)]
            return "array", leaf.dtype.str, pieces
        case Sets():
            head = np.array([len(leaf)], dtype=np.int64).tobytes() + (leaf.offsets - leaf.offsets[0]).tobytes()
            return "sets", "", [head, leaf.data[int(leaf.offsets[0]) : int(leaf.offsets[-1])]]
        case list():
            return _pack(Sets.of([numbers.serialize() for numbers in leaf], Shelf()))
        case Plain(value):
            return "plain", "", [msgspec.msgpack.encode(value)]
    raise TypeError(f"a snapshot cannot hold {type(leaf)}")


def read_container(path: Path, shelf: Shelf | None = None, pause: Callable[[], None] | None = None) -> dict[str, Any]:
    """The tree in the file; arrays and sets are views of it, sets are kept on the `shelf` once unpacked;
    `pause` is called between slices of some megabytes. Without it, all is checked by two threads: checksums of ten
    million records' index take one core half a second. Raises FileNotFoundError, or Damaged when any part of it is not
    as it was written."""
    data, directory = _open(path)
    shelf = shelf or Shelf()
    if pause is None:
        largest = sorted(directory.items(), key=lambda item: -item[1].size)
        in_threads(lambda item: _check(*item, data, _nothing), largest)
    else:
        for name, entry in directory.items():
            _check(name, entry, data, pause)
    return {name: _unpack(entry, data, shelf) for name, entry in directory.items()}


def read_leaf(path: Path, name: str) -> Any:
    """One leaf alone, without reading the others. Raises as `read_container`, or KeyError."""
    data, directory = _open(path)
    _check(name, directory[name], data, _nothing)
    return _unpack(directory[name], data, Shelf())


def _open(path: Path) -> tuple[memoryview, dict[str, _Entry]]:
    with path.open("rb") as file:
        if os.fstat(file.fileno()).st_size < len(_MAGIC) + _TAIL.size:
            raise Damaged("it is cut short")
        data = memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_COPY))
    if bytes(data[: len(_MAGIC)]) != _MAGIC:
        raise Damaged("it is no snapshot")
    start, length, crc, form = _TAIL.unpack(data[-_TAIL.size :])
    if form != FORMAT:
        raise Damaged(f"it is of format {form}, this program reads {FORMAT}")
    listing = data[start : start + length]
    if len(listing) != length or zlib.crc32(listing) != crc:
        raise Damaged("its directory is damaged")
    return data, msgspec.json.decode(listing, type=dict[str, _Entry])


def _nothing() -> None:
    """The pause of one whom nobody waits for."""


def _check(name: str, entry: _Entry, data: memoryview, pause: Callable[[], None]) -> None:
    """Raise Damaged where the part is not as it was written."""
    part = data[entry.offset : entry.offset + entry.size]
    hashed = xxhash.xxh3_64()
    for piece in _sliced([part]):
        hashed.update(piece)
        pause()
    if len(part) != entry.size or hashed.intdigest() != entry.hash:
        raise Damaged(f"its part {name} is damaged")


def _unpack(entry: _Entry, data: memoryview, shelf: Shelf) -> Any:
    part = data[entry.offset : entry.offset + entry.size]
    if entry.kind == "array":
        return np.frombuffer(part, dtype=np.dtype(entry.dtype))
    if entry.kind == "plain":
        return msgspec.msgpack.decode(part)
    count = int(np.frombuffer(part[:8], dtype=np.int64)[0])
    start = 8 * (count + 2)
    return Sets(part[start:], np.frombuffer(part[8:start], dtype=np.int64), shelf)
