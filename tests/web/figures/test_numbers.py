"""The numbers of the overview are those of the API."""

from __future__ import annotations

from collections.abc import Coroutine
from typing import Any, TypeVar

from letrics.normalize.time import parse_time
from letrics.web.figures.numbers import COVERAGE, FACETS, figures
from tests.web.figures.conftest import Real

T = TypeVar("T")
NOW = parse_time("2026-05-15T12:00:00Z")


def run(real: Real, of: Coroutine[Any, Any, T]) -> T:
    return real.api.loop.run_until_complete(of)


def test_figures_of_the_small_world(real: Real) -> None:
    contacts = run(real, figures(real.search, "contacts", NOW))
    assert (contacts.total, contacts.earlier) == (5, 0)
    added = {bar.label: bar.value for bar in contacts.growth.bars if bar.value}
    assert added == {"Jan 2026": 1, "Feb 2026": 1, "Mar 2026": 1, "Apr 2026": 2}
    assert len(contacts.growth.bars) == 24
    known = {row.label: (row.count, row.share) for row in contacts.coverage}
    assert known["Personal email"] == (2, 40.0)
    assert known["LinkedIn profile"] == (2, 40.0)
    assert known["Company with a known location"] == (4, 80.0)
    assert known["Seniority"] == (3, 60.0)
    assert dict(contacts.changed) == {1: 0, 7: 0, 30: 1}


def test_growth_and_what_was_earlier_are_the_whole(real: Real) -> None:
    later = parse_time("2028-02-10")
    companies = run(real, figures(real.search, "companies", later))
    assert companies.earlier == 3
    assert sum(bar.value for bar in companies.growth.bars) == 1
    assert companies.total == 4


def test_commonest_values_are_those_of_the_facets(real: Real) -> None:
    companies = run(real, figures(real.search, "companies", NOW))
    tops = {top.field: top.values for top in companies.top}
    assert tops["locations"][0] == ("Germany", 2, 100.0)
    assert tops["technologies"] == (("React", 2, 100.0), ("Django", 1, 50.0), ("Python", 1, 50.0))
    assert [top.field for top in companies.top] == [name for name, _ in FACETS["companies"]]


def test_every_number_of_coverage_is_what_a_program_is_told(real: Real) -> None:
    for kind, rows in COVERAGE.items():
        shown = run(real, figures(real.search, kind, NOW)).coverage
        for (label, filters), row in zip(rows, shown, strict=False):
            told = real.api.post(f"/v1/{kind}/count", filters).json["data"]["total"]
            assert (row.label, row.count) == (label, told)


def test_overview_asks_at_most_six_questions(real: Real) -> None:
    assert real.browser.get("/overview").status == 200
    assert real.search.asked == ["facets", "totals", "facets", "totals", "freshness"]
