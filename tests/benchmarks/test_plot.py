from __future__ import annotations

from xml.etree import ElementTree

from benchmarks.command import RESULTS
from benchmarks.plot import draw
from benchmarks.report import known
from benchmarks.stages.bench import ROOT
from tests.benchmarks.sample_run import figures


def test_draw_is_well_formed_and_has_a_text_summary() -> None:
    root = ElementTree.fromstring(draw(figures(1_000_000)))
    assert "SQLite" in root.attrib["aria-label"] and "Letrics 0.20" in root.attrib["aria-label"]


def test_draw_of_the_committed_figures_is_committed() -> None:
    assert (ROOT / "docs" / "images" / "benchmark.svg").read_text() == draw(known(RESULTS)[-1])
