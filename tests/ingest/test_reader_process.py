"""The reader process: the import has the same result, and the process never outlives the import."""

from __future__ import annotations

import contextlib
import io
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from letrics.ingest.importer import SMALL, Importer, ReadAhead, TooManyRejects
from letrics.ingest.jsonl import read_json_lines
from letrics.ingest.mapping import CompanyMapper
from letrics.ingest.reader_process import ReaderLost, can_fork, read_in_child
from letrics.ingest.rejects import Rejects
from letrics.ingest.rows import DamagedFile, FileRow
from letrics.store.base import StoreAway
from tests.ingest.test_importer import Log, lines, run
from tests.waiting import wait_for

needs_fork = pytest.mark.skipif(not can_fork(), reason="needs a second core and fork")


def children() -> set[int]:
    """The child processes of this one, also those that have ended and were not waited for."""
    found = set()
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):  # it has just gone
            if int(stat.read_text().rpartition(")")[2].split()[1]) == os.getpid():
                found.add(int(stat.parent.name))
    return found


def in_both_ways(data: bytes, size: int, max_errors: int | None, read_ahead: ReadAhead) -> list[Any]:
    """The whole result of an import that reads in this process, and of one with a reader process."""
    outcomes = []
    for reader in (None, read_ahead):
        log, out, told = Log(), io.BytesIO(), list[int]()
        importer = Importer(
            batch_size=size, rejects=Rejects(out), max_errors=max_errors, read_ahead=reader,
            tell=lambda report, told=told: told.append(report.rows),  # type: ignore[misc]
        )  # fmt: skip
        stopped = ""
        try:
            run(data, importer, log)
        except TooManyRejects as error:
            stopped = str(error)
        plain = importer.report.plain() | {"seconds": 0, "rows_per_second": 0}
        outcomes.append((log.batches, out.getvalue(), importer.rejects.first, told, plain, stopped))
    return outcomes


@needs_fork
@pytest.mark.parametrize(("size", "max_errors"), [(4, None), (7, None), (50, None), (4, 9), (7, 25)])
def test_import_is_the_same_in_either_process(size: int, max_errors: int | None) -> None:
    data = lines(200, bad=tuple(range(3, 200, 7))) + b'{"domain":"\xff"}\n{"domain":"last.example","new":1}\n'
    read_ahead = mock.Mock(wraps=read_in_child)
    here, there = in_both_ways(data, size, max_errors, read_ahead)
    assert read_ahead.called
    assert here == there


@needs_fork
def test_short_file_is_read_without_another_process() -> None:
    read_ahead = mock.Mock()
    run(lines(4 * SMALL), Importer(batch_size=4, read_ahead=read_ahead), Log())
    assert not read_ahead.called


def rows(count: int, end: Any = None) -> Iterator[FileRow]:
    for n in range(1, count + 1):
        yield FileRow(n, b"", {"domain": f"company{n}.example"})
    if end is not None:
        end()


def damaged() -> None:
    raise DamagedFile("f.jsonl: the file is cut off")


@needs_fork
def test_damaged_file_raises_from_the_reader_process() -> None:
    log, importer = Log(), Importer(batch_size=4, read_ahead=read_in_child)
    with pytest.raises(DamagedFile, match="cut off"):
        importer.run("f.jsonl", rows(101, damaged), CompanyMapper(), log.put)
    assert (importer.report.rows, importer.report.kept) == (101, 100)


@needs_fork
def test_killed_reader_ends_the_import_with_whole_batches() -> None:
    log, importer = Log(), Importer(batch_size=4, read_ahead=read_in_child)
    with pytest.raises(ReaderLost, match="Killed"):
        importer.run("f.jsonl", rows(101, lambda: os.kill(os.getpid(), signal.SIGKILL)), CompanyMapper(), log.put)
    assert importer.report.kept == 100


@needs_fork
def test_reader_process_ends_with_the_import() -> None:
    """Though it waits for input that does not come."""
    reading, writing = os.pipe()
    os.write(writing, lines(60))
    importer = Importer(batch_size=4, read_ahead=read_in_child)
    others, before = children(), time.monotonic()
    with os.fdopen(reading, "rb") as stream, pytest.raises(StoreAway):
        importer.run("f.jsonl", read_json_lines(stream), CompanyMapper(), Log(away=10).put)
    os.close(writing)
    assert importer.report.kept == 40
    assert time.monotonic() - before < 10
    assert children() <= others


@needs_fork
def test_reader_process_ends_with_a_killed_import(tmp_path: Path) -> None:
    importing = subprocess.Popen(
        [sys.executable, "-m", "letrics.cli", "--home", str(tmp_path), "import", "-", "--kind", "companies"],
        stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        env={**os.environ, "LETRICS_BATCH_SIZE": "50"},
    )  # fmt: skip
    assert importing.stdin is not None
    importing.stdin.write(lines(5_000))  # and the input stays open: the reader waits for more
    importing.stdin.flush()
    children = Path(f"/proc/{importing.pid}/task/{importing.pid}/children")
    reader = wait_for(lambda: children.read_text().split())[0]
    importing.kill()
    importing.wait()
    wait_for(lambda: not Path(f"/proc/{reader}").exists() or " Z " in Path(f"/proc/{reader}/stat").read_text())
    importing.stdin.close()
