"""From companies to their contacts: through the company of each contact, in one pass over an array."""

from __future__ import annotations

from collections.abc import Generator
from typing import Final

import numpy as np
from pyroaring import BitMap

from letrics.engines.bitmap.kernel.arrays import Ints, Nums, members
from letrics.engines.bitmap.kernel.roaring import SPAN, Mask, ascending, of_bits
from letrics.engines.bitmap.segment.segment import Side

_STEP: Final = 1 << 19
"""So many contacts are looked at in a millisecond. A multiple of 8."""
ALL: Final = 16
"""Where more than one contact in so many is asked about, all are looked at: reading on is cheaper than jumping."""


def of_companies(side: Side, companies: Mask, hits: BitMap | None) -> Generator[None, None, BitMap]:
    """Those of `hits` (None: of all contacts of the side) whose company the mask has, in steps; it has a place for
    each."""
    nums, company = side.nums, side.company
    assert nums is not None and company is not None
    if hits is not None and len(hits) * ALL < len(nums):
        asked = members(hits)
        return ascending(asked[companies[companies_of(side, asked)]])
    whole = _is_whole(nums)
    bits = np.zeros(-(-len(company) // SPAN) * (SPAN // 8) if whole else 0, np.uint8)
    found: list[Nums] = []
    for start in range(0, len(company), _STEP):
        part = slice(start, start + _STEP)
        kept = companies.take(company[part], mode="clip")  # all are inside: this is the fastest way
        if whole:
            packed = np.packbits(kept, bitorder="little")
            bits[start // 8 : start // 8 + len(packed)] = packed
        else:
            found.append(nums[part][kept])
        yield
    return _and(of_bits(bits) if whole else ascending(np.concatenate([nums[:0], *found])), hits)


def companies_of(side: Side, contacts: Nums) -> Ints:
    """The company of each of these contacts of the side."""
    nums, company = side.nums, side.company
    assert nums is not None and company is not None
    return company[contacts if _is_whole(nums) else np.searchsorted(nums, contacts)]


def _is_whole(nums: Nums) -> bool:
    """Whether no record is missing, so that a num is its place."""
    return bool(len(nums)) and int(nums[-1]) + 1 == len(nums)


def _and(found: BitMap, hits: BitMap | None) -> BitMap:
    return found if hits is None else found & hits
