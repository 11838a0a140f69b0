"""Join from companies to contacts against plain arrays."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyroaring import BitMap

from letrics.engines.bitmap.costs import DEFAULT_COSTS
from letrics.engines.bitmap.kernel.arrays import to_bitmap
from letrics.engines.bitmap.query.join import companies_of_contacts, contacts_of_mask
from letrics.engines.bitmap.segment.segment import Segment
from tests.engines.bitmap.costs import SMALL, random_costs
from tests.engines.bitmap.query.segments import COMPANIES, random_segments
from tests.engines.bitmap.steps import finish


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
        assert finish(contacts_of_mask(segment, companies, matches)) == to_bitmap(expected)


@pytest.mark.parametrize("number", range(10))
def test_contacts_of_mask_any_costs_equals_a_loop(number: int, seed: int) -> None:
    rng = Random(seed + number)
    contacts, _, plain = random_segments(rng, random_costs(rng))
    mask = np.array([rng.random() < 0.4 for _ in range(COMPANIES)])
    some = set(rng.sample(sorted(plain.company), rng.choice((1, 20, 150))))
    for matches in (None, some):
        found = finish(contacts_of_mask(contacts, mask, None if matches is None else BitMap(matches)))
        assert set(found) == {
            num for num, at in plain.company.items() if mask[at] and num in (matches or plain.company)
        }


def test_companies_of_contacts_any_nums_equals_a_lookup(seed: int) -> None:
    contacts, _, plain = random_segments(Random(seed), SMALL)
    asked = sorted(plain.company)[::7]
    assert companies_of_contacts(contacts, np.array(asked, np.uint32)).tolist() == [plain.company[num] for num in asked]
