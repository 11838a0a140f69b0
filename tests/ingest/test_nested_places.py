"""Lists of locations in the form of exports."""

from __future__ import annotations

from letrics.ingest.nested_places import split_places
from letrics.ingest.rows import Members


def test_split_places_keeps_what_is_no_part_of_a_location() -> None:
    objects: list[Members] = [
        {"locality": "Berlin", "state": {"name": "Berlin", "code": "BE"}, "lat": 1},
        {"city": "Paris", "name": "Paris, France"},
        {"name": "Rome, Italy"},
    ]
    places, rest = split_places(objects)
    assert places == [{"city": "Berlin", "region": "Berlin"}, {"city": "Paris"}, {"text": "Rome, Italy"}]
    assert rest == [{"lat": 1}, {"name": "Paris, France"}, {}]
