from __future__ import annotations

from benchmarks.command import RESULTS
from benchmarks.report import goals, known, page
from tests.benchmarks.sample_run import figures


def test_page_and_goals_mark_what_is_short() -> None:
    run = figures(1_000_000)
    assert "SHORT" in goals(run) and "| **short** |" in page(run) and "HTTP" not in goals(run)


def test_page_of_the_committed_figures_is_committed() -> None:
    largest = known(RESULTS)[-1]
    assert largest["size"]["contacts"] == 10_000_000
    assert (RESULTS / "RESULTS.md").read_text() == page(largest)
