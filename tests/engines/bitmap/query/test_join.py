"""Join from companies to contacts against plain arrays."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from letrics.engines.bitmap.costs import DEFAULT_COSTS
from letrics.engines.bitmap.kernel.arrays import to_bitmap
from letrics.engines.bitmap.query.join import contacts_of_mask
from letrics.engines.bitmap.segment.segment import Segment
from tests.engines.bitmap.steps import ended


@given(st.integers(0, 2**32 - 1), st.sampled_from([0.0, 0.3]))
@settings(max_examples=10, deadline=None)
def test_contacts_of_mask_any_mask_matches_plain_arrays(seed: int, gone: float) -> None:
    rng = np.random.default_rng(seed)
    span = int(rng.choice([1, 7, 65_536, 600_001]))
    nums = np.flatnonzero(rng.random(span) >= gone).astype(np.uint32)
    company = rng.integers(0, 50, len(nums))
    companies = rng.random(50) < rng.random()
    alive = to_bitmap(nums)
    segment = Segment(DEFAULT_COSTS, alive, alive, nums=nums, company=company)
    asked = nums[rng.random(len(nums)) < rng.choice([0.001, 0.5])]
    for matches, matches_range in ((None, nums), (to_bitmap(asked), asked)):
        expected = matches_range[companies[company[np.searchsorted(nums, matches_range)]]]
        assert ended(contacts_of_mask(segment, companies, matches)) == to_bitmap(expected)
