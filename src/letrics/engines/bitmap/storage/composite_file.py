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

from letrics.engines.bitmap.columns.column import Column
from letrics.engines.bitmap.kernel.parallel import map_threads
from letrics.engines.bitmap.storage.bitmap_store import BitmapCache, BitmapStore

FORMAT: Final = 5
_MAGIC: Final = b"LETRICSX"
_TAIL: Final = struct.Struct("<QQII")
_ALIGNMENT_BYTES: Final = 64
_CHUNK_BYTES: Final = 4 << 20
"""So many bytes are checked at a time: other threads run between."""

Leaf = np.ndarray[Any, Any] | Column | BitmapStore | list[BitMap] | Any
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


class CorruptFile(Exception):
    """The file is not a whole snapshot of a format this program reads; the text says what is wrong."""


def write_composite_file(path: Path, tree: Tree) -> None:
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
        kind, dtype, parts = _encode_leaf(leaf)
        file.write(b"\0" * (-file.tell() % _ALIGNMENT_BYTES))
        start, hashed = file.tell(), xxhash.xxh3_64()
        for part in _in_chunks(parts):
            hashed.update(part)
            file.write(part)
        directory[name] = _Entry(kind, start, file.tell() - start, hashed.intdigest(), dtype)
    start = file.tell()
    listing = msgspec.json.encode(directory)
    file.write(listing)
    file.write(_TAIL.pack(start, len(listing), zlib.crc32(listing), FORMAT))


def _in_chunks(parts: list[Any]) -> Iterator[memoryview]:
    for part in parts:
        view = memoryview(part)
        for at in range(0, len(view), _CHUNK_BYTES):
            yield view[at : at + _CHUNK_BYTES]


def _encode_leaf(leaf: Leaf) -> tuple[str, str, list[Any]]:
    match leaf:
        case np.ndarray():
            return "array", leaf.dtype.str, [np.ascontiguousarray(leaf).view(np.uint8).data]
        case Column():  # in pieces: one array of them would be a copy of all
            pieces = [np.ascontiguousarray(piece).view(np.uint8).data for piece in leaf.pieces() if len(piece)]
            return "array", leaf.dtype.str, pieces
        case BitmapStore():
            head = np.array([len(leaf)], dtype=np.int64).tobytes() + (leaf.offsets - leaf.offsets[0]).tobytes()
            return "sets", "", [head, leaf.data[int(leaf.offsets[0]) : int(leaf.offsets[-1])]]
        case list():
            return _encode_leaf(BitmapStore.of([numbers.serialize() for numbers in leaf], BitmapCache()))
        case Plain(value):
            return "plain", "", [msgspec.msgpack.encode(value)]
    raise TypeError(f"a snapshot cannot hold {type(leaf)}")


def read_composite_file(
    path: Path, cache: BitmapCache | None = None, pause: Callable[[], None] | None = None
) -> dict[str, Any]:
    """The tree in the file; arrays and sets are views of it, sets are kept on the `shelf` once unpacked;
    `pause` is called between slices of some megabytes. Without it, all is checked by two threads: checksums of ten
    million records' index take one core half a second. Raises FileNotFoundError, or Damaged when any part of it is not
    as it was written."""
    data, directory = _open(path)
    cache = cache or BitmapCache()
    if pause is None:
        largest = sorted(directory.items(), key=lambda item: -item[1].size)
        map_threads(lambda item: _verify_checksum(*item, data, _no_pause), largest)
    else:
        for name, entry in directory.items():
            _verify_checksum(name, entry, data, pause)
    return {name: _decode_leaf(entry, data, cache) for name, entry in directory.items()}


def read_leaf(path: Path, name: str) -> Any:
    """One leaf alone, without reading the others. Raises as `read_container`, or KeyError."""
    data, directory = _open(path)
    _verify_checksum(name, directory[name], data, _no_pause)
    return _decode_leaf(directory[name], data, BitmapCache())


def _open(path: Path) -> tuple[memoryview, dict[str, _Entry]]:
    with path.open("rb") as file:
        if os.fstat(file.fileno()).st_size < len(_MAGIC) + _TAIL.size:
            raise CorruptFile("it is cut short")
        data = memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_COPY))
    if bytes(data[: len(_MAGIC)]) != _MAGIC:
        raise CorruptFile("it is no snapshot")
    start, length, crc, form = _TAIL.unpack(data[-_TAIL.size :])
    if form != FORMAT:
        raise CorruptFile(f"it is of format {form}, this program reads {FORMAT}")
    listing = data[start : start + length]
    if len(listing) != length or zlib.crc32(listing) != crc:
        raise CorruptFile("its directory is damaged")
    return data, msgspec.json.decode(listing, type=dict[str, _Entry])


def _no_pause() -> None:
    """The pause of one whom nobody waits for."""


def _verify_checksum(name: str, entry: _Entry, data: memoryview, pause: Callable[[], None]) -> None:
    """Raise Damaged where the part is not as it was written."""
    part = data[entry.offset : entry.offset + entry.size]
    hashed = xxhash.xxh3_64()
    for piece in _in_chunks([part]):
        hashed.update(piece)
        pause()
    if len(part) != entry.size or hashed.intdigest() != entry.hash:
        raise CorruptFile(f"its part {name} is damaged")


def _decode_leaf(entry: _Entry, data: memoryview, cache: BitmapCache) -> Any:
    part = data[entry.offset : entry.offset + entry.size]
    if entry.kind == "array":
        return np.frombuffer(part, dtype=np.dtype(entry.dtype))
    if entry.kind == "plain":
        return msgspec.msgpack.decode(part)
    count = int(np.frombuffer(part[:8], dtype=np.int64)[0])
    start = 8 * (count + 2)
    return BitmapStore(part[start:], np.frombuffer(part[8:start], dtype=np.int64), cache)
