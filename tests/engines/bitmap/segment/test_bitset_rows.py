"""Bitset rows: unions as plain bits against bitmaps."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from letrics.engines.bitmap.costs import DEFAULT_COSTS
from letrics.engines.bitmap.kernel.arrays import to_bitmap
from letrics.engines.bitmap.segment.postings import Postings
from letrics.engines.bitmap.storage.bitmap_store import BitmapCache


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=8, deadline=None)
def test_bitset_rows_any_union_matches_bitmaps(seed: int) -> None:
    rng = np.random.default_rng(seed)
    span = int(rng.integers(500_000, 900_000))
    shares = rng.choice([0.0001, 0.004, 0.011, 0.02, 0.05, 0.062, 0.08, 0.4], 24)
    sets = [np.flatnonzero(rng.random(span) < share).astype(np.uint32) for share in shares]
    sets[0] = np.r_[sets[0], np.uint32(span - 1)]
    sets[1] = np.arange(100, 20_000, dtype=np.uint32)  # all in one container: the others have none
    ids = np.repeat(np.arange(24, dtype=np.uint32) * 3, list(map(len, sets)))
    postings = Postings.of_pairs(ids, np.concatenate(sets), BitmapCache(), DEFAULT_COSTS)
    assert len(postings.rows.ids) > 0
    for _ in range(20):
        asked = np.sort(rng.choice(24, int(rng.integers(1, 24)), replace=False))
        found = postings.union((asked * 3).astype(np.uint32))
        assert found == to_bitmap(np.concatenate([sets[at] for at in asked.tolist()]))
    for row, id_ in enumerate(postings.rows.ids.tolist()):  # thin and full containers
        assert postings.rows.union([row]) == postings.get(id_) == to_bitmap(sets[id_ // 3])
