"""The place that several entities have in common."""

from __future__ import annotations

from letrics.normalize.place.interpretation import understand
from letrics.normalize.place.resolved import Resolved, common_place


def test_common_place_of_several_cities_is_their_country() -> None:
    germany = common_place(understand("Germany").entities)
    assert common_place((*understand("Berlin").entities, *understand("Munich").entities)).country == germany.country
    assert common_place(()) == Resolved()
    assert common_place(understand("Europe").entities).wide is not None
