"""From companies to their contacts: through the company of each contact, in one pass over an array."""

from __future__ import annotations

from collections.abc import Generator
from typing import Final

import numpy as np
from pyroaring import BitMap

from letrics.engines.bitmap.kernel.arrays import Ints, Nums, to_array
from letrics.engines.bitmap.kernel.roaring import CONTAINER_SPAN, Mask, bitmap_of_sorted, bits_to_bitmap
from letrics.engines.bitmap.segment.segment import Segment

_SCAN_STEP: Final = 1 << 19
"""So many contacts are looked at in a millisecond. A multiple of 8."""
FULL_SCAN_SHARE: Final = 16
"""Where more than one contact in so many is asked about, all are looked at: reading on is cheaper than jumping."""


def contacts_of_mask(segment: Segment, companies: Mask, matches: BitMap | None) -> Generator[None, None, BitMap]:
    """Those of `hits` (None: of all contacts of the side) whose company the mask has, in steps; it has a place for
    each."""
    nums, company = segment.nums, segment.company
    assert nums is not None and company is not None
    if matches is not None and len(matches) * FULL_SCAN_SHARE < len(nums):
        asked = to_array(matches)
        return bitmap_of_sorted(asked[companies[companies_of_contacts(segment, asked)]])
    whole = _is_dense(nums)
    bits = np.zeros(-(-len(company) // CONTAINER_SPAN) * (CONTAINER_SPAN // 8) if whole else 0, np.uint8)
    found: list[Nums] = []
    for start in range(0, len(company), _SCAN_STEP):
        part = slice(start, start + _SCAN_STEP)
        kept = companies.take(company[part], mode="clip")  # all are inside: this is the fastest way
        if whole:
            packed = np.packbits(kept, bitorder="little")
            bits[start // 8 : start // 8 + len(packed)] = packed
        else:
            found.append(nums[part][kept])
        yield
    return _intersect(bits_to_bitmap(bits) if whole else bitmap_of_sorted(np.concatenate([nums[:0], *found])), matches)


def companies_of_contacts(segment: Segment, contacts: Nums) -> Ints:
    """The company of each of these contacts of the side."""
    nums, company = segment.nums, segment.company
    assert nums is not None and company is not None
    return company[contacts if _is_dense(nums) else np.searchsorted(nums, contacts)]


def _is_dense(nums: Nums) -> bool:
    """Whether no record is missing, so that a num is its place."""
    return bool(len(nums)) and int(nums[-1]) + 1 == len(nums)


def _intersect(found: BitMap, matches: BitMap | None) -> BitMap:
    return found if matches is None else found & matches
