from __future__ import annotations

from benchmarks.targets import rows
from tests.benchmarks.sample_run import figures


def test_rows_name_goals_of_stages_that_were_run() -> None:
    short = {row.what for row in rows(figures(1_000_000)) if not row.reached}
    assert short == {"mix without titles, engine, p99", "compared with Tantivy, mix, p99"}
