"""What the benchmark tells: percentiles, fits of growth, what was reached, and the picture."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree

import pytest

from benchmarks.measure import by_name, spread
from benchmarks.plot import draw
from benchmarks.report import page, reached
from benchmarks.scaling import fit, told
from benchmarks.targets import rows

_SPREAD = {"p50": 0.2, "p90": 1.0, "p99": 6.0, "max": 9.0}
_HARD = {"ms": 3.0, "slowest_ms": 4.0, "total": 12}
_PEER: dict[str, Any] = {
    "asked": 3, "gave_up": 0, "same": 3, "different": 0, "ms": {"p50": 20.0, "p90": 30.0, "p99": 40.0, "max": 40.0},
    "ours_ms": _SPREAD, "ratio_p50": 100.0, "ratio_p99": 7.0, "ratio_sums": 50.0, "ratio_each": 90.0,
}  # fmt: skip


def figures(contacts: int) -> dict[str, Any]:
    """A run, as far as these tests need one."""
    shapes = {"one filter": {"ms": _PEER["ms"], "ours_ms": _SPREAD}}
    return {
        "size": {"contacts": contacts, "companies": contacts // 10, "seed": 1, "data": 2},
        "machine": {"cpu": "a", "cores": 2, "memory_gb": 8.0, "system": "b", "python": "3"},
        "data": {"database_bytes": 600 * contacts, "snapshot_bytes": 400 * contacts, "whole_s": contacts / 20_000,
                 "snapshot_parts": {"contact.job_title": 9 * contacts}},
        "engine": {"mix_without_titles_ms": _SPREAD, "shapes": {"one filter": _SPREAD}, "deep": {},
                   "hard": {"three broad filters": _HARD, "500 titles": _HARD, "CJK, one": _HARD},
                   "process_bytes": 100_000_000 + 50 * contacts},
        "peers": {name: {"name": name, "version": "1", "build_s": 1.0, "memory_bytes": 1, "disk_bytes": 1, "mix": _PEER,
                         "hard": _PEER, "shapes": shapes, "hard_shapes": shapes} for name in ("sqlite", "tantivy")},
    }  # fmt: skip


def test_percentiles_are_by_nearest_rank() -> None:
    assert spread(range(1, 101)) == {"p50": 50, "p90": 90, "p99": 99, "max": 100}
    assert spread([7.0]) == {"p50": 7.0, "p90": 7.0, "p99": 7.0, "max": 7.0}
    asked = [{"shape": "b", "ms": 1.0}, {"shape": "a", "ms": 2.0}]
    assert list(by_name(asked, "ms")) == ["b", "a"]


def test_contacts_and_companies_are_told_apart_where_they_can_be() -> None:
    sizes = [(100_000, 10_000), (1_000_000, 100_000), (1_000_000, 500_000), (10_000_000, 1_000_000)]
    found = fit(sizes, [5 + contacts * 5e-4 + companies * 2e-3 for contacts, companies in sizes])
    assert found == pytest.approx((5, 5e-4, 2e-3))
    fixed, contact, company = fit(sizes[:2], [60, 600])
    assert (fixed, company) == (0, 0) and contact == pytest.approx(6e-4)


def test_what_was_reached_is_told_of_the_stages_that_were_run() -> None:
    run = figures(1_000_000)
    short = {row.what for row in rows(run) if not row.reached}
    assert short == {"mix without titles, engine, p99", "against Tantivy on the mix, p99"}
    assert "SHORT" in reached(run) and "| **short** |" in page(run) and "HTTP" not in reached(run)


def test_the_picture_is_well_formed_and_tells_itself_in_words() -> None:
    root = ElementTree.fromstring(draw(figures(1_000_000)))
    assert "sqlite" in root.attrib["aria-label"] and "Letrics 0.20" in root.attrib["aria-label"]


def test_growth_is_told_by_size_and_by_field() -> None:
    text = told([figures(100_000), figures(1_000_000)])
    assert "600 bytes" in text and "job_title" in text and "100,000,000 by the fit" in text
