"""Segments of one index: later ones supersede earlier ones."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from pyroaring import BitMap

from letrics.engines.bitmap.segment.segment import Segment, SegmentPair, newest_first
from tests.engines.bitmap.costs import SMALL

COVERS = st.lists(st.sets(st.integers(0, 20)), min_size=1, max_size=5)


def _pair(companies: set[int], contacts: set[int]) -> SegmentPair:
    return SegmentPair(
        Segment(SMALL, BitMap(companies), BitMap(companies)), Segment(SMALL, BitMap(contacts), BitMap(contacts))
    )


@given(COVERS)
def test_newest_first_superseded_is_what_later_segments_cover(covers: list[set[int]]) -> None:
    segments = tuple(_pair(set(), nums) for nums in covers)
    found = list(newest_first(segments, "contacts"))
    assert [segment for segment, _ in found] == [pair.contacts for pair in reversed(segments)]
    assert found[0][1] is None
    for at, (_, superseded) in list(enumerate(reversed(found)))[:-1]:
        assert set(superseded or ()) == set().union(*covers[at + 1 :])


def test_of_kind_gives_the_segment_of_the_kind() -> None:
    pair = _pair({1}, {2})
    assert pair.of_kind("companies") is pair.companies and pair.of_kind("contacts") is pair.contacts
