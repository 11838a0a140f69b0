"""Warnings about cells: counts and examples per column."""

from __future__ import annotations

from letrics.ingest.cell_warnings import EXAMPLES, CellWarning, WarningCounts


def test_warning_counts_keep_three_examples_per_column() -> None:
    counts = WarningCounts()
    for line in range(1, 6):
        counts.add("f.csv", line, CellWarning("employees", f"bad {line}"))
    counts.add("g.csv", 1, CellWarning("email", "has no @"))
    assert counts.count == 6
    plain = counts.plain()
    assert list(plain) == ["employees", "email"]
    assert plain["employees"]["count"] == 5
    assert plain["employees"]["examples"] == [
        {"file": "f.csv", "line": line, "reason": f"bad {line}"} for line in range(1, EXAMPLES + 1)
    ]


def test_warning_counts_of_many_columns_are_bounded() -> None:
    counts = WarningCounts()
    for number in range(2_000):
        counts.add("f", 1, CellWarning(f"column {number}", "bad"))
    assert counts.count == 2_000
    assert len(counts.columns) == 1_001
    assert sum(column.count for column in counts.columns.values()) == 2_000
