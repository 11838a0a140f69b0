"""The importer: whole batches, counts, rejects, and what stands in the report when it is stopped."""

from __future__ import annotations

import io
import os
import signal
import time
from collections.abc import Iterator
from typing import Any
from unittest import mock

import msgspec
import pytest

from letrics.ingest.beside import ReaderLost, can_fork, parts_beside
from letrics.ingest.importer import SMALL, Importer, TooManyRejects
from letrics.ingest.jsonl import read_json_lines
from letrics.ingest.mapping import CompanyMapper
from letrics.ingest.rejects import SHOWN, Rejects
from letrics.ingest.report import Report
from letrics.ingest.rows import DamagedFile, Row
from letrics.store.base import CompanyPatch, StoreAway, Tally
from letrics.store.packed import unpack_company


class Log:
    """Takes batches; fails at the one with the number `away`."""

    def __init__(self, away: int | None = None) -> None:
        self.batches: list[list[CompanyPatch]] = []
        self.away = away

    def put(self, batch: list[Any]) -> Tally:
        if len(self.batches) == self.away:
            raise StoreAway("the disk is full")
        self.batches.append([unpack_company(patch) for patch in batch])
        return Tally(new=len(batch) - 1, unchanged=1, conflicts=1)


def lines(count: int, bad: tuple[int, ...] = ()) -> bytes:
    return b"".join(
        b'{"domain":"bad%d"}\n' % n if n in bad else b'{"domain":"company%d.example","fax":1}\n' % n
        for n in range(1, count + 1)
    )


def run(data: bytes, importer: Importer, log: Log) -> Report:
    return importer.run("f.jsonl", read_json_lines(io.BytesIO(data)), CompanyMapper(), log.put)


def test_rows_are_written_in_whole_batches() -> None:
    log, importer = Log(), Importer(batch_size=4)
    report = run(lines(10, bad=(3, 7)), importer, log)
    assert [len(batch) for batch in log.batches] == [4, 4]
    assert [patch.domain for patch in log.batches[0]] == [f"company{n}.example" for n in (1, 2, 4, 5)]
    assert (report.rows, report.kept, report.rejected) == (10, 8, 2)
    assert report.tally == Tally(new=6, unchanged=2, conflicts=2)
    assert list(report.ignored) == ["fax"]


def test_files_add_up_in_one_report() -> None:
    log, importer = Log(), Importer(batch_size=100)
    run(lines(3), importer, log)
    report = run(lines(2), importer, log)
    assert (report.rows, report.kept, len(log.batches)) == (5, 5, 2)
    plain = report.plain()
    assert (plain["rows"], plain["new"], plain["conflicts"], plain["ignored_columns"]) == (5, 3, 2, ["fax"])


def test_every_reject_is_written_with_line_field_reason_and_raw_text() -> None:
    out = io.BytesIO()
    importer = Importer(batch_size=100, rejects=Rejects(out))
    run(lines(20, bad=tuple(range(1, 9))) + b'{"domain":"\xff"}\n', importer, Log())
    written = [msgspec.json.decode(line) for line in out.getvalue().splitlines()]
    assert len(written) == importer.rejects.count == 9
    assert len(importer.rejects.first) == SHOWN
    assert written[0] == {
        "file": "f.jsonl", "line": 1, "field": "domain", "raw": '{"domain":"bad1"}',
        "reason": '"bad1" is a single word, not a domain: give one such as example.com',
    }  # fmt: skip
    assert (written[-1]["line"], written[-1]["field"], written[-1]["raw"]) == (21, None, '{"domain":"\ufffd"}')
    assert str(importer.rejects.first[0]).startswith('f.jsonl:1: domain: "bad1" is a single word')


def test_so_many_rejects_end_it_and_whole_batches_stay() -> None:
    log, importer = Log(), Importer(batch_size=2, max_errors=2)
    with pytest.raises(TooManyRejects, match=r"f\.jsonl:6"):
        run(lines(10, bad=(3, 6)), importer, log)
    assert [len(batch) for batch in log.batches] == [2, 2]
    assert (importer.report.rows, importer.report.kept, importer.report.rejected) == (6, 4, 2)


def test_a_store_that_goes_away_leaves_a_true_report() -> None:
    log, importer = Log(away=1), Importer(batch_size=3)
    with pytest.raises(StoreAway):
        run(lines(10), importer, log)
    assert (importer.report.kept, importer.report.tally.new) == (3, 2)
    assert list(importer.report.ignored) == ["fax"]


def test_progress_is_told_after_each_part_and_batch_and_at_the_end() -> None:
    told: list[tuple[int, int]] = []
    importer = Importer(batch_size=4, tell=lambda report: told.append((report.rows, report.kept)))
    run(lines(10), importer, Log())
    assert told == [(4, 4), (8, 8), (10, 8), (10, 10), (10, 10)]


needs_fork = pytest.mark.skipif(not can_fork(), reason="needs a second core and fork")


def in_both_ways(data: bytes, size: int, max_errors: int | None = None) -> list[Any]:
    """All that an import comes to, read in this process and beside it."""
    outcomes = []
    for beside in (False, True):
        log, out, told = Log(), io.BytesIO(), list[int]()
        importer = Importer(
            batch_size=size, rejects=Rejects(out), max_errors=max_errors, beside=beside,
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
def test_it_does_not_matter_which_process_reads(size: int, max_errors: int | None) -> None:
    data = lines(200, bad=tuple(range(3, 200, 7))) + b'{"domain":"\xff"}\n{"domain":"last.example","new":1}\n'
    with mock.patch("letrics.ingest.importer.parts_beside", wraps=parts_beside) as beside:
        here, there = in_both_ways(data, size, max_errors)
    assert beside.called
    assert here == there


@needs_fork
def test_a_short_file_is_read_here() -> None:
    with mock.patch("letrics.ingest.importer.parts_beside") as beside:
        run(lines(4 * SMALL), Importer(batch_size=4, beside=True), Log())
    assert not beside.called


def rows(count: int, end: Any = None) -> Iterator[Row]:
    for n in range(1, count + 1):
        yield Row(n, b"", {"domain": f"company{n}.example"})
    if end is not None:
        end()


def damaged() -> None:
    raise DamagedFile("f.jsonl: the file is cut off")


@needs_fork
def test_a_file_that_breaks_off_does_so_in_the_other_process_too() -> None:
    log, importer = Log(), Importer(batch_size=4, beside=True)
    with pytest.raises(DamagedFile, match="cut off"):
        importer.run("f.jsonl", rows(101, damaged), CompanyMapper(), log.put)
    assert (importer.report.rows, importer.report.kept) == (101, 100)


@needs_fork
def test_a_reader_that_is_killed_ends_the_import_with_whole_batches() -> None:
    log, importer = Log(), Importer(batch_size=4, beside=True)
    with pytest.raises(ReaderLost, match="Killed"):
        importer.run("f.jsonl", rows(101, lambda: os.kill(os.getpid(), signal.SIGKILL)), CompanyMapper(), log.put)
    assert importer.report.kept == 100


@needs_fork
def test_the_reader_ends_with_the_import() -> None:
    """Though it waits for input that does not come."""
    reading, writing = os.pipe()
    os.write(writing, lines(60))
    importer = Importer(batch_size=4, beside=True)
    before = time.monotonic()
    with os.fdopen(reading, "rb") as stream, pytest.raises(StoreAway):
        importer.run("f.jsonl", read_json_lines(stream), CompanyMapper(), Log(away=10).put)
    os.close(writing)
    assert importer.report.kept == 40
    assert time.monotonic() - before < 10
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)
