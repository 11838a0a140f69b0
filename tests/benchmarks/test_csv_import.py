"""The benchmark of CSV imports: the columns of its file are used, and all rows are imported."""

from __future__ import annotations

import csv
from pathlib import Path

from benchmarks.csv_import import measure, write_export
from benchmarks.stages.bench import ROOT
from letrics.ingest.column_mapping import make_mapping


def test_export_has_columns_of_contacts_and_companies(tmp_path: Path) -> None:
    path = write_export(tmp_path, 5, 40, 1)
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 40
    mapping = make_mapping("contacts", list(rows[0]), rows)
    assert [column.name for column in mapping.columns if column.field is None] == [
        "Apollo Contact Id",
        "Stage",
        "Lists",
    ]


def test_measure_reads_and_imports_all_rows(tmp_path: Path) -> None:
    found = measure(ROOT, write_export(tmp_path, 5, 40, 1))
    assert min(found.values()) > 0
