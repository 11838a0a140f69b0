"""Range index against filtering an array."""

from __future__ import annotations

import random

import numpy as np

from letrics.engines.bitmap.costs import DEFAULT_COSTS
from letrics.engines.bitmap.kernel.arrays import to_bitmap
from letrics.engines.bitmap.segment.range_index import RangeIndex
from letrics.engines.bitmap.storage.bitmap_store import BitmapCache


def test_range_index_all_levels_match_filtering() -> None:
    generator = random.Random(3)
    count = 300_000
    values = np.array([generator.choice((7, generator.randrange(50_000))) for _ in range(count)], dtype=np.int64)
    nums = np.arange(count, dtype=np.uint32)
    index = RangeIndex.of(nums, values, to_bitmap(nums), BitmapCache(), DEFAULT_COSTS)
    assert len(index.since) == 2 and len(index.rests) == 10 and len(index.buckets) == 37
    for _ in range(60):
        low = generator.choice((None, 7, 6, 8, generator.randrange(-10, 50_010)))
        high = generator.choice((None, 7, 6, 8, generator.randrange(-10, 50_010)))
        inside = np.ones(count, np.bool_)
        if low is not None:
            inside &= values >= low
        if high is not None:
            inside &= values <= high
        assert index.between(low, high) == to_bitmap(nums[inside])
        assert index.count(low, high) == int(inside.sum())
