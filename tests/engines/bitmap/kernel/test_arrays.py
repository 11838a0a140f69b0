"""Arrays: ranges, distinct values, and conversions from and to bitmaps."""

from __future__ import annotations

import numpy as np
from pyroaring import BitMap

from letrics.engines.bitmap.kernel.arrays import expand_ranges, to_array, to_bitmap


def test_expand_ranges_few_ranges_gives_their_indices() -> None:
    assert expand_ranges(np.array([5, 0, 9]), np.array([2, 0, 3])).tolist() == [5, 6, 9, 10, 11]
    assert expand_ranges(np.zeros(0), np.zeros(0)).tolist() == []


def test_to_array_of_to_bitmap_is_sorted() -> None:
    assert to_array(to_bitmap(np.array([5, 3, 9], dtype=np.uint32))).tolist() == [3, 5, 9]
    assert to_array(BitMap()).tolist() == []
