"""Files that are opened once: read again from the start, by this process or another."""

from __future__ import annotations

import io
import os
import tracemalloc
from pathlib import Path

import pytest

from letrics.ingest.input_file import BUFFER, InputFile

DATA = bytes(range(256)) * 2_000


@pytest.mark.parametrize("read", [0, 1, BUFFER, len(DATA)])
@pytest.mark.parametrize("piped", [False, True])
def test_input_file_is_read_again_from_its_start(tmp_path: Path, piped: bool, read: int) -> None:
    (tmp_path / "f").write_bytes(DATA)
    with InputFile.open("-" if piped else str(tmp_path / "f"), io.BytesIO(DATA)) as file:
        for _ in range(2):
            stream, position = file.stream(remember=True)
            assert stream.read(read) == DATA[:read]
        assert position() == (0 if piped else min(len(DATA), -(-read // BUFFER) * BUFFER))
        assert file.is_longer(len(DATA) - 1) and not file.is_longer(len(DATA))
        stream, _ = file.stream()
        assert stream.read() == DATA


def test_input_file_is_passed_on_with_its_prefix(tmp_path: Path) -> None:
    path = tmp_path / "f"
    path.write_bytes(DATA)
    with InputFile.open(str(path)) as file:
        file.stream()[0].read(9)
        descriptor = file.descriptor()
        assert descriptor is not None and (file.prefix, os.read(descriptor, 9)) == (b"", DATA[:9])
    with path.open("rb", buffering=0) as raw, InputFile("-", raw) as file:
        assert file.is_longer(9)
        descriptor = file.descriptor()
        assert descriptor is not None and file.prefix + os.read(descriptor, 9) == DATA[: BUFFER + 9]
    assert InputFile.open("-", io.BytesIO(DATA)).descriptor() is None


def test_slow_pipe_is_not_waited_for() -> None:
    reading, writing = os.pipe()
    with os.fdopen(reading, "rb", buffering=0) as raw, os.fdopen(writing, "wb", buffering=0) as out:
        out.write(DATA[:9])
        with InputFile("-", raw) as file:
            assert not file.is_longer(100) and file.prefix == DATA[:9]
            out.write(DATA[9:200])
            assert file.is_longer(100) and file.prefix == DATA[:200]


def test_bytes_of_a_pipe_are_not_kept_when_it_is_imported(tmp_path: Path) -> None:
    (tmp_path / "f").write_bytes(b"x" * 30_000_000)
    with (tmp_path / "f").open("rb", buffering=0) as raw:
        stream, _ = InputFile("-", raw).stream()
        tracemalloc.start()
        while stream.read(BUFFER):
            pass
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert peak < 5_000_000


def test_spooled_bytes_replace_the_file() -> None:
    with InputFile.open("-", io.BytesIO(DATA)) as file:
        stream, _ = file.stream(remember=True)
        file.spool(stream)
        assert (file.size, file.prefix) == (len(DATA), b"")
        assert file.stream()[0].read() == file.stream()[0].read() == DATA


@pytest.mark.parametrize("device", ["/dev/zero", "/dev/urandom", "/dev/full"])
def test_device_is_refused(device: str) -> None:
    with pytest.raises(OSError, match="is a device, not a file"):
        InputFile.open(device)


def test_empty_device_is_an_empty_file() -> None:
    with InputFile.open(os.devnull) as file:
        assert file.stream()[0].read() == b""
