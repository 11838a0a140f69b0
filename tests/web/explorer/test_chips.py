"""Chips of active filters, and values that no record has."""

from __future__ import annotations

from letrics.web.explorer.chips import Chip, UnmatchedValue, chips, unmatched_values
from letrics.web.explorer.page_state import PageState


def state(query: str) -> PageState:
    return PageState.of("contacts", query.encode())


def test_chips_name_each_filter_in_the_order_of_the_url() -> None:
    query = "exclude_job_titles=intern&has_personal_email=true&added_after=2026-01-01&employees_min=5&nonsense=1"
    found = [(chip.label, chip.value, chip.negative) for chip in chips(state(f"{query}&page=2&order=newest"), {})]
    assert found == [
        ("Job titles", "intern", True),
        ("Has personal email", "", False),
        ("Company added from", "2026-01-01", False),
        ("Employees at least", "5", False),
        ("Nonsense", "1", False),
    ]


def test_chip_href_is_the_page_without_the_filter() -> None:
    made = chips(state("job_titles=a&job_titles=b&order=newest&page=3"), {})
    assert [chip.href for chip in made] == [
        "/explore/contacts?job_titles=b&order=newest",
        "/explore/contacts?job_titles=a&order=newest",
    ]


def test_chips_note_how_a_location_was_interpreted() -> None:
    places = [
        {"field": "locations", "value": "NYC", "read_as": [{"kind": "city", "name": "New York City"}]},
        {"field": "locations", "value": "Germany", "read_as": [{"kind": "country", "name": "Germany"}]},
        {"field": "locations", "value": "Atlantis",
         "read_as": [{"kind": "country", "name": "Atlantis Island"}, {"kind": "text", "name": "atlantis"}]},
    ]  # fmt: skip
    made = chips(state("locations=NYC&locations=Germany&locations=Atlantis"), {"places": places})
    assert [chip.note for chip in made] == ["New York City", "", "Atlantis Island or as text"]


def test_chip_of_a_flag_that_is_not_true_shows_its_value() -> None:
    (chip,) = chips(state("is_decision_maker=maybe"), {})
    assert chip == Chip("Is decision maker", "maybe", False, "/explore/contacts")


def test_chip_of_an_excluded_flag_is_negative() -> None:
    (chip,) = chips(state("exclude_is_decision_maker=true"), {})
    assert chip == Chip("Is decision maker", "", True, "/explore/contacts")


def test_unmatched_values_link_to_the_page_with_the_suggestion() -> None:
    unmatched = [
        {"field": "industries", "value": "Softwar", "suggestions": ["Software", "Hardware"]},
        {"field": "job_titles", "value": "zzz", "suggestions": []},
    ]
    made = unmatched_values(state("industries=%20Softwar&job_titles=zzz"), {"unmatched": unmatched})
    assert made == [
        UnmatchedValue("Industries", "Softwar", (
            ("Software", "/explore/contacts?job_titles=zzz&industries=Software"),
            ("Hardware", "/explore/contacts?job_titles=zzz&industries=Hardware"),
        )),
        UnmatchedValue("Job titles", "zzz", ()),
    ]  # fmt: skip
