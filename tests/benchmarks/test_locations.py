"""The measured accuracy of the interpretation of locations."""

from __future__ import annotations

from benchmarks.locations import FORMS, judge, report, shares

MOST_COUNTRIES = 0.97
"""The least share of rows whose country must be recognised."""
CERTAIN = 0.998
"""The least share of right countries among locations that name their country."""
MOST_WRONG = 0.005
"""The most wrong countries among locations with a state or country."""
MOST_WRONG_CITIES = 0.03
"""The most wrong countries among cities alone, which mean the most populous city of that name."""


def test_judge_of_headquarters_meets_the_targets() -> None:
    judged = judge()
    by_form = {form: shares([one for one in judged if one.form == form]) for form in ("columns", *FORMS)}
    assert by_form["columns"][0] >= MOST_COUNTRIES
    for form, (right, _, wrong) in by_form.items():
        if "country" in form.lower() and form != "city country":
            assert right >= CERTAIN, form
        assert wrong <= (MOST_WRONG_CITIES if form == "city" else MOST_WRONG), form
    assert len(list(report(judged))) == len(by_form) + 1
