from __future__ import annotations

import pytest

from benchmarks.scaling import fit, tables
from tests.benchmarks.sample_run import figures


def test_fit_separates_contacts_and_companies_if_possible() -> None:
    sizes = [(100_000, 10_000), (1_000_000, 100_000), (1_000_000, 500_000), (10_000_000, 1_000_000)]
    found = fit(sizes, [5 + contacts * 5e-4 + companies * 2e-3 for contacts, companies in sizes])
    assert found == pytest.approx((5, 5e-4, 2e-3))
    fixed, contact, company = fit(sizes[:2], [60, 600])
    assert (fixed, company) == (0, 0) and contact == pytest.approx(6e-4)


def test_tables_show_growth_by_size_and_by_field() -> None:
    text = tables([figures(100_000), figures(1_000_000)])
    assert "600 bytes" in text and "job_title" in text and "100,000,000 by the fit" in text
