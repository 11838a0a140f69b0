"""Ranges with bands against plain sets."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest
from pyroaring import BitMap

from letrics.engines.bitmap.kernel.roaring import union
from letrics.engines.bitmap.query.nodes import RangeNode
from letrics.engines.bitmap.query.ranges import in_range, range_bitmaps, range_count, range_has_ranks
from letrics.engines.bitmap.segment.range_index import RangeIndex
from letrics.engines.bitmap.storage.bitmap_store import BitmapCache
from tests.engines.bitmap.costs import random_costs
from tests.engines.bitmap.query.segments import nums_of, random_segments

BAND = ("least", "most")


@pytest.mark.parametrize("number", range(15))
def test_range_with_bands_equals_plain_sets(number: int, seed: int) -> None:
    rng = Random(seed + number)
    contacts, _, plain = random_segments(rng, random_costs(rng))
    nums = np.array(sorted(plain.company), np.uint32)
    for _ in range(20):
        low, high = (rng.choice((None, rng.randrange(-2, 80))) for _ in range(2))
        for band in (None, BAND):
            node = RangeNode("time", low, high, band)
            expected = plain.matches(node)
            assert set(union(range_bitmaps(contacts, node))) == expected
            assert range_count(contacts, node) >= len(expected)
            if range_has_ranks(contacts, node):
                assert set(nums[in_range(contacts, node, nums)].tolist()) == expected


def test_range_without_any_band_is_the_range_of_numbers(seed: int) -> None:
    rng = Random(seed)
    contacts, _, plain = random_segments(rng, random_costs(rng))
    empty = RangeIndex.of(nums_of([]), np.zeros(0, np.int64), BitMap(), BitmapCache(), contacts.costs)
    contacts.times |= dict.fromkeys(BAND, empty)
    node = RangeNode("time", 5, 20, BAND)
    assert range_bitmaps(contacts, node) == range_bitmaps(contacts, RangeNode("time", 5, 20))
    assert range_count(contacts, node) == len(plain.matches(RangeNode("time", 5, 20)))
