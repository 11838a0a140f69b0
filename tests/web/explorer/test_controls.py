"""The controls of the filter form."""

from __future__ import annotations

from letrics.records import KINDS
from letrics.web.explorer.controls import control_of


def test_flags_of_filters_have_a_counterpart() -> None:
    names = {control.key: control.names for control in control_of("contacts").values() if control.shape == "flag"}
    assert names.pop("primary_location_only") == ("primary_location_only",)
    assert len(names) > 4 and all(pair == (key, f"exclude_{key}") for key, pair in names.items())


def test_dates_of_contacts_say_whose_they_are() -> None:
    labels = {
        kind: [control.label for control in control_of(kind).values() if control.shape == "dates"] for kind in KINDS
    }
    assert labels["companies"][::2] == ["Added", "First seen", "Updated"]
    assert labels["contacts"][::2] == [
        "Company added", "Company first seen", "Contact added", "Contact or company updated", "Contact updated",
    ]  # fmt: skip
