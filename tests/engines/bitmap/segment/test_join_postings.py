"""Join postings: the contacts of each term's companies against a loop."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest

from letrics.engines.bitmap.kernel.arrays import Nums
from letrics.engines.bitmap.segment.join_postings import JoinPostingsWriter
from letrics.engines.bitmap.storage.bitmap_store import BitmapCache
from tests.engines.bitmap.costs import SMALL, random_costs


def _nums(numbers: list[int]) -> Nums:
    return np.array(numbers, np.uint32)


@pytest.mark.parametrize("number", range(30))
def test_join_postings_any_terms_and_costs_equal_a_loop(number: int, seed: int) -> None:
    rng = Random(seed + number)
    span = rng.choice((1, 40, 400))
    nums = sorted(rng.sample(range(span), rng.randint(1, span))) if rng.random() < 0.5 else list(range(span))
    company = [rng.randrange(20) for _ in nums]
    employed = sorted(set(company))
    pairs = [(id_, at) for id_ in (0, 1, 2, 7, 9) for at in employed if rng.random() < rng.random()]
    rng.shuffle(pairs)
    writer = JoinPostingsWriter(_nums(nums), np.array(company, np.int64), random_costs(rng))
    postings = writer.postings(_nums([id_ for id_, _ in pairs]), _nums([at for _, at in pairs]), BitmapCache())
    for asked in range(11):
        expected = [num for num, at in zip(nums, company, strict=True) if (asked, at) in pairs]
        assert list(postings.get(asked)) == expected
        assert postings.count(_nums([asked])) == len(expected)


def test_join_postings_without_contacts_or_terms_is_empty() -> None:
    writer = JoinPostingsWriter(_nums([]), np.zeros(0, np.int64), SMALL)
    assert not len(writer.postings(_nums([]), _nums([]), BitmapCache()).ids)
