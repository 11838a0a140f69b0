"""The reader process: the import has the same result, and the process never outlives the import."""

from __future__ import annotations

import gzip
import io
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, cast

import pytest

from letrics.identity.encoded_patches import prepared_row
from letrics.identity.patches import Tally
from letrics.ingest.company_mapper import CompanyMapper
from letrics.ingest.contact_mapper import ContactMapper
from letrics.ingest.importer import Importer, TooManyRejects
from letrics.ingest.input_file import InputFile
from letrics.ingest.reader_process import LONG, ReaderLost, can_read_apart
from letrics.ingest.rejects import Rejects
from letrics.ingest.rows import DamagedFile
from letrics.ingest.source import read_source
from letrics.store.base import StoreAway
from tests.ingest.apart import children, import_apart, needs_second_core
from tests.ingest.test_importer import Log, lines
from tests.waiting import wait_for


@contextmanager
def pipe_with(data: bytes) -> Iterator[InputFile]:
    """The reading end of a pipe that has `data`, as standard input; the pipe stays open."""
    reading, writing = os.pipe()
    os.write(writing, data)
    with os.fdopen(reading, "rb", buffering=0) as stream:
        yield InputFile.open("-", cast("BinaryIO", stream))
    os.close(writing)


def outcome(path: Path, size: int, max_errors: int | None, apart: bool, remembered: int) -> list[Any]:
    """The whole result of an import. `remembered` bytes of the file are read before, as of a pipe."""
    log, out, told = Log(), io.BytesIO(), list[int]()
    importer = Importer(
        batch_size=size, rejects=Rejects(out), max_errors=max_errors, tell=lambda report: told.append(report.rows)
    )
    stopped = ""
    with InputFile.open(str(path)) as file:
        if remembered:
            file.size = None
            assert file.is_longer(remembered)
        try:
            if apart:
                import_apart(importer, file, CompanyMapper(), log.put)
            else:
                source = read_source(file)
                importer.run(file.name, source.rows, CompanyMapper(), log.put, source.progress)
        except TooManyRejects as error:
            stopped = str(error)
    plain = importer.report.plain() | {"seconds": 0, "rows_per_second": 0}
    return [log.batches, out.getvalue(), importer.rejects.first, told, plain, stopped]


@pytest.mark.parametrize("remembered", [0, 1, 1_000])
@pytest.mark.parametrize(("size", "max_errors"), [(4, None), (7, None), (50, None), (4, 9), (7, 25)])
def test_import_is_the_same_in_either_process(
    tmp_path: Path, size: int, max_errors: int | None, remembered: int
) -> None:
    path = tmp_path / "f.jsonl"
    path.write_bytes(
        lines(200, bad=tuple(range(3, 200, 7))) + b'{"domain":"\\ud800"}\n{"domain":"last.example","new":1}\n'
    )
    here = outcome(path, size, max_errors, False, 0)
    assert outcome(path, size, max_errors, True, remembered) == here


@needs_second_core
def test_short_file_is_read_without_another_process(tmp_path: Path) -> None:
    for size in (LONG, LONG + 1):
        (tmp_path / "f.jsonl").write_bytes(b"\n" * size)
        with InputFile.open(str(tmp_path / "f.jsonl")) as file:
            assert can_read_apart(file) == (size > LONG)
        with InputFile.open("-", io.BytesIO(b"\n" * size)) as file:
            assert not can_read_apart(file)  # it cannot be passed to another process


def test_damaged_file_raises_from_the_reader_process(tmp_path: Path) -> None:
    path = tmp_path / "f.jsonl.gz"
    path.write_bytes(gzip.compress(lines(50_000))[:-50_000])
    log, importer, here = Log(), Importer(batch_size=4_000), Importer(batch_size=4_000)
    with InputFile.open(str(path)) as file:
        with pytest.raises(DamagedFile, match=r"f\.jsonl\.gz: the file is truncated or damaged after line") as apart:
            import_apart(importer, file, CompanyMapper(), log.put)
        with pytest.raises(DamagedFile) as raised:
            here.run(file.name, read_source(file).rows, CompanyMapper(), Log().put)
    assert str(apart.value) == str(raised.value)
    assert (importer.report.rows, importer.report.kept) == (here.report.rows, here.report.kept)
    assert importer.report.kept == len(log.batches) * 4_000 > 0


def test_killed_reader_ends_the_import_with_whole_batches() -> None:
    log, importer, others = Log(), Importer(batch_size=4), children()

    def put(batch: list[Any]) -> Tally:
        if len(log.batches) == 24:
            for child in children() - others:
                os.kill(child, signal.SIGKILL)
        return log.put(batch)

    with pipe_with(lines(101)) as file, pytest.raises(ReaderLost, match="Killed"):
        import_apart(importer, file, CompanyMapper(), put)
    assert importer.report.kept == 100


def test_reader_process_does_not_end_at_an_interrupt(tmp_path: Path) -> None:
    (tmp_path / "f.jsonl").write_bytes(lines(400))
    log, importer, others = Log(), Importer(batch_size=4), children()

    def put(batch: list[Any]) -> Tally:
        for child in children() - others:
            os.kill(child, signal.SIGINT)
        return log.put(batch)

    with InputFile.open(str(tmp_path / "f.jsonl")) as file:
        import_apart(importer, file, CompanyMapper(), put)
    assert importer.report.kept == 400


def test_reader_process_ends_with_the_import() -> None:
    """Though it waits for input that does not come."""
    importer, others, before = Importer(batch_size=4), children(), time.monotonic()
    with pipe_with(lines(60)) as file, pytest.raises(StoreAway):
        import_apart(importer, file, CompanyMapper(), Log(away=10).put)
    assert importer.report.kept == 40
    assert time.monotonic() - before < 10
    assert children() <= others


@pytest.mark.parametrize(("many", "some_are"), [(0, True), (10**6, False)])
def test_process_prepares_rows_only_while_many_parts_wait(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, many: int, some_are: bool
) -> None:
    """The file is larger than the pipe, so the process reads its end after the first parts have arrived."""
    monkeypatch.setattr("letrics.ingest.reader_process._MANY", many)
    row = b'{"id":"%d","company_domain":"a.example","job_title":"%s"}\n'
    path, rows = tmp_path / "f.jsonl", list[Any]()
    path.write_bytes(b"".join(row % (number, b"x" * 400) for number in range(8_000)))

    def put(batch: list[Any]) -> Tally:
        rows.extend(batch)
        return Tally(new=len(batch))

    with InputFile.open(str(path)) as file:
        import_apart(Importer(batch_size=100), file, ContactMapper(), put)
    prepared = [row.prepared is not None for row in rows]
    assert len(rows) == 8_000 and any(prepared) is some_are
    assert all(prepared_row(row).id == str(number) for number, row in enumerate(rows))


@needs_second_core
def test_reader_process_ends_with_a_killed_import(tmp_path: Path) -> None:
    importing = subprocess.Popen(
        [sys.executable, "-m", "letrics.cli", "--home", str(tmp_path), "import", "-", "--kind", "companies"],
        stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        env={**os.environ, "LETRICS_BATCH_SIZE": "50"},
    )  # fmt: skip
    assert importing.stdin is not None
    importing.stdin.write(lines(LONG // 38))  # and the input stays open: the reader waits for more
    importing.stdin.flush()
    children = Path(f"/proc/{importing.pid}/task/{importing.pid}/children")
    reader = wait_for(lambda: children.read_text().split())[0]
    importing.kill()
    importing.wait()
    wait_for(lambda: not Path(f"/proc/{reader}").exists() or " Z " in Path(f"/proc/{reader}/stat").read_text())
    importing.stdin.close()
