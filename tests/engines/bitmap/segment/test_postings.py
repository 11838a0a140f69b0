"""Postings against a dictionary of sets."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from letrics.engines.bitmap.costs import DEFAULT_COSTS
from letrics.engines.bitmap.segment.postings import Postings
from letrics.engines.bitmap.storage.bitmap_store import BitmapCache


@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 50)), max_size=80), st.integers(1, 5))
def test_postings_any_pairs_match_a_dictionary_of_sets(pairs: list[tuple[int, int]], dense_from: int) -> None:
    plain: dict[int, set[int]] = {}
    for id_, num in pairs:
        plain.setdefault(id_, set()).add(num)
    distinct = sorted({(id_, num) for id_, num in pairs})
    ids = np.array([id_ for id_, _ in distinct], dtype=np.uint32)
    nums = np.array([num for _, num in distinct], dtype=np.uint32)
    order = np.random.default_rng(1).permutation(len(ids))
    postings = Postings.of_pairs(
        ids[order], nums[order], BitmapCache(), replace(DEFAULT_COSTS, min_bitmap_nums=dense_from)
    )
    for id_ in range(8):
        assert set(postings.get(id_)) == plain.get(id_, set())
    asked = np.array([1, 3, 5, 7], dtype=np.uint32)
    assert set(postings.union(asked)) == set().union(*(plain.get(id_, set()) for id_ in (1, 3, 5, 7)))
    assert postings.count(asked) == sum(len(plain.get(id_, ())) for id_ in (1, 3, 5, 7))
    assert postings.existing(asked).tolist() == [id_ for id_ in (1, 3, 5, 7) if id_ in plain]
