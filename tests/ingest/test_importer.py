"""The importer: whole batches, counts, rejects, and the report after it was stopped."""

from __future__ import annotations

import io
from typing import Any

import msgspec
import pytest

from letrics.identity.encoded_patches import decode_company_patch
from letrics.identity.patches import CompanyPatch, Tally
from letrics.ingest.company_mapper import CompanyMapper
from letrics.ingest.conversion import converter_for
from letrics.ingest.importer import Importer, TooManyRejects
from letrics.ingest.jsonl import json_lines, read_json_lines
from letrics.ingest.mapping import mapper
from letrics.ingest.parts import read_parts
from letrics.ingest.rejects import SHOWN, Rejects
from letrics.ingest.report import Report
from letrics.store.base import StoreAway


class Log:
    """Takes batches; fails at the one with the number `away`."""

    def __init__(self, away: int | None = None) -> None:
        self.batches: list[list[CompanyPatch]] = []
        self.away = away

    def put(self, batch: list[Any]) -> Tally:
        if len(self.batches) == self.away:
            raise StoreAway("the disk is full")
        self.batches.append([decode_company_patch(patch) for patch in batch])
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


def test_smaller_batches_are_written_while_the_reader_is_behind() -> None:
    log, importer = Log(), Importer(batch_size=25, first_batch_size=10)
    rows, behind = read_json_lines(io.BytesIO(lines(87))), iter([True] * 4 + [False] * 100)
    parts = read_parts(rows, converter_for(CompanyMapper()), 6, int)
    importer.run_parts("f.jsonl", parts, CompanyMapper(), log.put, lambda: next(behind))
    assert [len(batch) for batch in log.batches] == [10, 14, 12, 12, 12, 20, 7]


def test_the_first_batches_of_a_file_are_smaller() -> None:
    log, importer = Log(), Importer(batch_size=25, first_batch_size=10)
    for _ in range(2):
        run(lines(87), importer, log)
    assert [len(batch) for batch in log.batches] == 2 * [10, 20, 25, 25, 7]


def test_batches_are_small_while_servers_follow_the_log() -> None:
    limits = [5_000, 5_000, None, None, 5_000, None, None]
    log = Log()
    importer = Importer(batch_size=30_000, first_batch_size=20_000)
    importer.max_rows = lambda: limits.pop(0)
    run(lines(62_000), importer, log)
    assert [len(batch) for batch in log.batches] == [5_000, 5_000, 10_000, 20_000, 5_000, 10_000, 7_000]


def test_files_add_up_in_one_report() -> None:
    log, importer = Log(), Importer(batch_size=100)
    run(lines(3), importer, log)
    report = run(lines(2), importer, log)
    assert (report.rows, report.kept, len(log.batches)) == (5, 5, 2)
    plain = report.plain()
    assert (plain["rows"], plain["new"], plain["conflicts"], plain["ignored_columns"]) == (5, 3, 2, ["fax"])


def test_rejects_are_written_with_line_field_reason_and_raw() -> None:
    out = io.BytesIO()
    importer = Importer(batch_size=100, rejects=Rejects(out))
    run(lines(20, bad=tuple(range(1, 9))) + b'{"domain":"\xff"}\n', importer, Log())
    written = [msgspec.json.decode(line) for line in out.getvalue().splitlines()]
    assert len(written) == importer.rejects.count == 9
    assert len(importer.rejects.first) == SHOWN
    assert written[0] == {
        "file": "f.jsonl", "line": 1, "field": "domain", "raw": '{"domain":"bad1"}', "kind": "rejected",
        "reason": '"bad1" is a single word, not a domain: use one such as example.com',
    }  # fmt: skip
    assert (written[-1]["line"], written[-1]["field"], written[-1]["raw"]) == (21, None, '{"domain":"\ufffd"}')
    assert str(importer.rejects.first[0]).startswith('f.jsonl:1: domain: "bad1" is a single word')


def test_max_errors_stops_the_import_after_whole_batches() -> None:
    log, importer = Log(), Importer(batch_size=2, max_errors=2)
    with pytest.raises(TooManyRejects, match=r"f\.jsonl:6"):
        run(lines(10, bad=(3, 6)), importer, log)
    assert [len(batch) for batch in log.batches] == [2, 2]
    assert (importer.report.rows, importer.report.kept, importer.report.rejected) == (6, 4, 2)


def test_unavailable_store_leaves_a_true_report() -> None:
    log, importer = Log(away=1), Importer(batch_size=3)
    with pytest.raises(StoreAway):
        run(lines(10), importer, log)
    assert (importer.report.kept, importer.report.tally.new) == (3, 2)
    assert list(importer.report.ignored) == ["fax"]


def test_progress_is_reported_per_part_per_batch_and_at_the_end() -> None:
    told: list[tuple[int, int]] = []
    importer = Importer(batch_size=4, tell=lambda report: told.append((report.rows, report.kept)))
    run(lines(10), importer, Log())
    assert told == [(4, 4), (8, 8), (10, 8), (10, 10), (10, 10)]


def test_long_rows_are_written_in_small_batches() -> None:
    batches: list[int] = []

    def write(batch: list[Any]) -> Tally:
        batches.append(len(batch))
        return Tally()

    row = b'{"domain":"acme.example","description":"' + b"x" * 90_000 + b'"}\n'
    rows = (row for row in json_lines(io.BytesIO(row * 400)))
    importer = Importer(batch_size=100_000, batch_bytes=10_000_000)
    importer.run("f.jsonl", rows, mapper("companies"), write)
    assert sum(batches) == importer.report.kept == 400
    assert max(batches) < 200
