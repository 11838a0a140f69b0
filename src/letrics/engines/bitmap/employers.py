"""From companies to their contacts: through the company of each contact, in one pass over an array."""

from __future__ import annotations

from collections.abc import Generator
from typing import Final

import numpy as np
from pyroaring import BitMap

from letrics.engines.bitmap.arrays import Ints, Nums, members
from letrics.engines.bitmap.layer import Side
from letrics.engines.bitmap.roaring import Mask, ascending, pack_mask, unpack

_STEP: Final = 2_000_000
_ALL: Final = 16
"""Where more than one contact in so many is asked about, all are looked at: reading on is cheaper than jumping."""


def of_companies(side: Side, companies: Mask, hits: BitMap | None) -> Generator[None, None, BitMap]:
    """Those of `hits` (None: of all contacts of the side) whose company the mask has, in steps; it has a place for
    each."""
    nums, company = side.nums, side.company
    assert nums is not None and company is not None
    if hits is not None and len(hits) * _ALL < len(nums):
        asked = members(hits)
        return ascending(asked[companies[companies_of(side, asked)]])
    kept = np.empty(len(company), np.bool_)
    for start in range(0, len(company), _STEP):
        part = slice(start, start + _STEP)
        companies.take(company[part], mode="clip", out=kept[part])  # all are inside: this is the fastest way
        yield
    if not _is_whole(nums):
        return _and(ascending(nums[kept]), hits)
    return _and(unpack(pack_mask(kept)), hits)


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
