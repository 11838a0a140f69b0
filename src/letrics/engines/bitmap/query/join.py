"""Join: from companies to their contacts, in one pass over the company of each contact."""

from __future__ import annotations

from collections.abc import Generator

import numpy as np
from pyroaring import BitMap

from letrics.engines.bitmap.kernel.arrays import Ints, Nums, to_array
from letrics.engines.bitmap.kernel.roaring import CONTAINER_SPAN, Mask, bitmap_of_sorted, bits_to_bitmap
from letrics.engines.bitmap.segment.segment import Segment


def contacts_of_mask(segment: Segment, companies: Mask, matches: BitMap | None) -> Generator[None, None, BitMap]:
    """Those of the matches (None: all contacts of the segment) whose company is in the mask, in steps.

    The mask must have an entry for every company of the segment.
    """
    nums, company = segment.nums, segment.company
    assert nums is not None and company is not None
    if matches is not None and len(matches) * segment.costs.sequential_share < len(nums):
        candidates = to_array(matches)
        return bitmap_of_sorted(candidates[companies[companies_of_contacts(segment, candidates)]])
    dense = _is_dense(nums)
    bits = np.zeros(-(-len(company) // CONTAINER_SPAN) * (CONTAINER_SPAN // 8) if dense else 0, np.uint8)
    found: list[Nums] = []
    step = 8 * segment.costs.nums_per_step  # sequential reads take an eighth of the time; whole bytes of bits
    for start in range(0, len(company), step):
        part = slice(start, start + step)
        joined = companies.take(company[part], mode="clip")  # all indices are valid: "clip" is the fastest mode
        if dense:
            packed = np.packbits(joined, bitorder="little")
            bits[start // 8 : start // 8 + len(packed)] = packed
        else:
            found.append(nums[part][joined])
        yield
    return _intersect(bits_to_bitmap(bits) if dense else bitmap_of_sorted(np.concatenate([nums[:0], *found])), matches)


def companies_of_contacts(segment: Segment, contacts: Nums) -> Ints:
    """The company of each of these contacts of the segment."""
    nums, company = segment.nums, segment.company
    assert nums is not None and company is not None
    return company[contacts if _is_dense(nums) else np.searchsorted(nums, contacts)]


def _is_dense(nums: Nums) -> bool:
    """Whether no num is missing, so that each num is its own position."""
    return bool(len(nums)) and int(nums[-1]) + 1 == len(nums)


def _intersect(found: BitMap, matches: BitMap | None) -> BitMap:
    return found if matches is None else found & matches
