"""The report of an import: its counts as JSON-compatible values."""

from __future__ import annotations

import json

import pytest

from letrics.identity.patches import Tally
from letrics.ingest.report import Report


def test_plain_has_every_count() -> None:
    report = Report(
        rows=10,
        kept=8,
        rejected=2,
        tally=Tally(1, 2, 3, 4, 5, 6, 7, 8, 9, 10),
        ignored={"fax": None},
        notes=["n"],
        seconds=2.0004,
    )
    assert json.loads(json.dumps(report.plain())) == {
        "rows": 10, "kept": 8, "new": 1, "changed": 2, "unchanged": 3, "companies_new": 4, "companies_changed": 5,
        "conflicts": 6, "duplicates": 7, "company_rows": 8, "companies_merged": 9, "merged": 10, "rejected": 2,
        "forgotten": 0,
        "warned": 0, "warnings": {}, "skipped": 0, "ignored_columns": ["fax"], "notes": ["n"], "mappings": [],
        "imports": [], "seconds": 2.0, "rows_per_second": 5,
    }  # fmt: skip


@pytest.mark.parametrize(("rows", "seconds", "speed"), [(0, 0.0, 0), (5, 0.0, 0), (1, 3.0, 0), (2, 3.0, 1)])
def test_rows_per_second_is_rounded_and_zero_without_time(rows: int, seconds: float, speed: int) -> None:
    assert Report(rows=rows, seconds=seconds).plain()["rows_per_second"] == speed


def test_changes_counts_new_and_changed_records_of_both_kinds() -> None:
    assert Report(tally=Tally(1, 10, 100, 1_000, 10_000, 100_000)).changes == 11_011
    assert Report().changes == 0


def test_reports_share_no_counts() -> None:
    one, other = Report(), Report()
    one.tally.new += 1
    one.ignored["x"] = None
    one.notes.append("n")
    assert (other.tally.new, other.ignored, other.notes) == (0, {}, [])
