"""Places and locations for tests."""

from __future__ import annotations

from hypothesis import strategies as st

from letrics.normalize.place import place_keys, read_location
from letrics.records import Place


def is_matched(location: str, place: Place) -> bool:
    return not set(read_location(location).keys).isdisjoint(place_keys(place))


PARTS = st.one_of(
    st.none(),
    st.text(max_size=12).filter(lambda text: not any(c in text for c in ",，、;；،")),
    st.sampled_from(
        ["Berlin", "DE", "CA", "New York", "Georgia", "Springfield", "Europe", "Surrey", "Paris", "US", "-"]
    ),
)
