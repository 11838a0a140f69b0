"""Zstandard streams: frames one after another, read in any portions, and truncated ones."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from letrics.ingest.zstd import MAGIC, ZstdFile

zstandard = pytest.importorskip("zstandard")


def frame(data: bytes) -> bytes:
    compressed: bytes = zstandard.compress(data)
    return compressed


def opened(compressed: bytes) -> ZstdFile:
    return ZstdFile(io.BytesIO(compressed), "f.zst")


@given(st.lists(st.binary(max_size=300), max_size=4), st.integers(1, 400))
def test_frames_are_read_as_one_stream_in_any_portions(parts: list[bytes], size: int) -> None:
    file = opened(b"".join(map(frame, parts)))
    read = b""
    while portion := file.read(size):
        read += portion
    assert read == b"".join(parts)
    assert file.read(size) == b"", "the end stays the end"


def test_frame_begins_with_the_magic_bytes() -> None:
    assert frame(b"x").startswith(MAGIC)
    assert opened(b"").read() == b""


@pytest.mark.parametrize("missing", [1, 5, 50])
def test_truncated_frame_raises_after_its_data(missing: int) -> None:
    data = bytes(range(256)) * 40
    compressed = frame(b"first") + frame(data)
    file = opened(compressed[:-missing])
    with pytest.raises(EOFError, match="ends in the middle of a frame"):
        file.read()


def test_long_zeros_are_decompressed_part_by_part() -> None:
    compressed = frame(b"\0" * 50_000_000)
    file = io.BufferedReader(opened(compressed), 1 << 16)
    assert sum(len(part) for part in iter(lambda: file.read(1 << 20), b"")) == 50_000_000


def test_bytes_that_are_no_frame_raise() -> None:
    with pytest.raises(zstandard.ZstdError):
        opened(b"not a frame at all").read()
