from __future__ import annotations

from benchmarks.targets import rows
from tests.benchmarks.sample_run import figures


def test_rows_name_goals_of_stages_that_were_run() -> None:
    short = {row.what for row in rows(figures(1_000_000)) if not row.reached}
    assert short == {"mix without titles, engine, p99", "compared with Tantivy, mix, p99"}


def test_rows_of_a_cluster_name_its_nodes() -> None:
    cluster = {"nodes": 3, "loaded_per_second": 16_000.0, "mix_ms": {"p50": 22.0, "p99": 360.0}, "same": 9,
               "different": 0}  # fmt: skip
    found = {row.what: row for row in rows({"cluster": cluster})}
    assert [what for what, row in found.items() if not row.reached] == ["OpenSearch, mix, p99"]
    assert found["OpenSearch, mix, p50"].measured == "22.0 ms (3 nodes)"
    assert not list(rows({"cluster": {"missing": "no cluster was given (--cluster)"}}))
