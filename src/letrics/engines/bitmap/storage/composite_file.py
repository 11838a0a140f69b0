"""Composite file: a memory-mapped file of named sections ("leaves"), each with a checksum.

Layout of format 5: the magic bytes "LETRICSX"; the leaves one after the other, each at a multiple of 64 bytes; the
directory (JSON: name, kind, offset, size and checksum of each leaf); a tail of fixed size (offset of the directory, its
length, its CRC-32, the format number). The checksum of a leaf is XXH3 with 64 bits. Kinds of leaves:

- array: the bytes of a numpy array.
- sets: the number of bitmaps (8 bytes); the offset of each bitmap and the end of the last one (8 bytes each, counted
  from the first bitmap); their portable Roaring serializations.
- plain: any value as MessagePack.

The file is mapped privately, not read: arrays and bitmaps are views of it. Pages that are written to are copied to
memory, and the file itself never changes.

Format history:

- 1: bitmaps with their sizes, CRC-32 of leaves.
- 2: bitmaps with offsets, read in place; XXH3 (four times faster); texts as word ids; times with ranks.
- 3: frequent bitmaps also as plain bits.
- 4: hashes of domains for suggestions.
- 5: shingles; all parts of a text index.
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
"""Number of the format. A file of another format is not read, and the index is rebuilt."""
_MAGIC: Final = b"LETRICSX"
"""First bytes of the file."""
_TAIL: Final = struct.Struct("<QQII")
"""Offset, length and CRC-32 of the directory, and the format number."""
_ALIGNMENT_BYTES: Final = 64
"""Every leaf begins at a multiple of this."""
_CHUNK_BYTES: Final = 4 << 20
"""Bytes that are written or verified at a time. Other threads run in between."""

Leaf = np.ndarray[Any, Any] | Column | BitmapStore | list[BitMap] | Any
"""A section: an array, a column, bitmaps, or `Plain`."""
Tree = Mapping[str, Any]
"""Leaves by name. Columns are read back as arrays, lists of bitmaps as a `BitmapStore`."""


class Plain(msgspec.Struct, frozen=True):
    """A leaf of any value that MessagePack can encode."""

    value: Any


class _Entry(msgspec.Struct, frozen=True):
    """Directory entry of a leaf. `size` is in bytes; `hash` is its checksum; `dtype` is empty unless it is an array."""

    kind: str
    offset: int
    size: int
    hash: int
    dtype: str = ""


class CorruptFile(Exception):
    """The file is not an intact file of the current format. The message says what is wrong."""


def write_composite_file(path: Path, tree: Tree) -> None:
    """Write the tree to a temporary file next to `path`, flush it to disk, and rename it to `path`. Raises OSError."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    temporary = path.with_name(f"{path.name}.{os.getpid()}.new")
    try:
        with temporary.open("wb") as file:
            temporary.chmod(0o600)
            _write(file, tree)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


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
    """The kind of a leaf, its dtype, and the buffers that make up its content."""
    match leaf:
        case np.ndarray():
            return "array", leaf.dtype.str, [np.ascontiguousarray(leaf).view(np.uint8).data]
        case Column():  # its arrays one by one: joining them would copy everything
            pieces = [np.ascontiguousarray(piece).view(np.uint8).data for piece in leaf.pieces() if len(piece)]
            return "array", leaf.dtype.str, pieces
        case BitmapStore():
            head = np.array([len(leaf)], dtype=np.int64).tobytes() + (leaf.offsets - leaf.offsets[0]).tobytes()
            return "sets", "", [head, leaf.data[int(leaf.offsets[0]) : int(leaf.offsets[-1])]]
        case list():
            return _encode_leaf(BitmapStore.of([numbers.serialize() for numbers in leaf], BitmapCache()))
        case Plain(value):
            return "plain", "", [msgspec.msgpack.encode(value)]
    raise TypeError(f"unsupported type of leaf: {type(leaf)}")


def read_composite_file(
    path: Path, cache: BitmapCache | None = None, pause: Callable[[], None] | None = None
) -> dict[str, Any]:
    """The leaves of the file. Arrays and bitmaps are views of it; decompressed bitmaps go into `cache`.

    All checksums are verified. With `pause`, it is called after every `_CHUNK_BYTES`. Without it, two threads verify:
    the index of ten million records takes one core half a second. Raises FileNotFoundError, and CorruptFile if any part
    of the file is not as it was written.
    """
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
    """A single leaf, without reading the others. Raises like `read_composite_file`, and KeyError."""
    data, directory = _open(path)
    _verify_checksum(name, directory[name], data, _no_pause)
    return _decode_leaf(directory[name], data, BitmapCache())


def _open(path: Path) -> tuple[memoryview, dict[str, _Entry]]:
    """The mapped file and its directory, verified. Raises like `read_composite_file`."""
    with path.open("rb") as file:
        if os.fstat(file.fileno()).st_size < len(_MAGIC) + _TAIL.size:
            raise CorruptFile("the file is truncated")
        data = memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_COPY))
    if bytes(data[: len(_MAGIC)]) != _MAGIC:
        raise CorruptFile("the file is not a saved index")
    start, length, checksum, format_number = _TAIL.unpack(data[-_TAIL.size :])
    if format_number != FORMAT:
        raise CorruptFile(f"the file has format {format_number}, this version reads format {FORMAT}")
    listing = data[start : start + length]
    if len(listing) != length or zlib.crc32(listing) != checksum:
        raise CorruptFile("the directory of the file is damaged")
    return data, msgspec.json.decode(listing, type=dict[str, _Entry])


def _no_pause() -> None:
    """No-op pause."""


def _verify_checksum(name: str, entry: _Entry, data: memoryview, pause: Callable[[], None]) -> None:
    """Raise CorruptFile if the leaf is not as it was written."""
    content = data[entry.offset : entry.offset + entry.size]
    hashed = xxhash.xxh3_64()
    for chunk in _in_chunks([content]):
        hashed.update(chunk)
        pause()
    if len(content) != entry.size or hashed.intdigest() != entry.hash:
        raise CorruptFile(f"section {name} is damaged")


def _decode_leaf(entry: _Entry, data: memoryview, cache: BitmapCache) -> Any:
    """The value of a leaf, as a view of the file where possible."""
    content = data[entry.offset : entry.offset + entry.size]
    if entry.kind == "array":
        return np.frombuffer(content, dtype=np.dtype(entry.dtype))
    if entry.kind == "plain":
        return msgspec.msgpack.decode(content)
    count = int(np.frombuffer(content[:8], dtype=np.int64)[0])
    start = 8 * (count + 2)
    return BitmapStore(content[start:], np.frombuffer(content[8:start], dtype=np.int64), cache)
