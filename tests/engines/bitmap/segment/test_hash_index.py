"""Hash index against a dictionary of lists."""

from __future__ import annotations

import numpy as np
import xxhash
from hypothesis import given, settings
from hypothesis import strategies as st

from letrics.engines.bitmap.segment.hash_index import HashIndex, hash_texts


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=30, deadline=None)
def test_hash_index_any_hashes_match_a_dictionary(seed: int) -> None:
    rng = np.random.default_rng(seed)
    size = int(rng.choice([0, 1, 5, 4_095, 4_096, 9_000]))
    known = rng.integers(0, 2 ** int(rng.choice([3, 52, 64])), size, dtype=np.uint64)
    if size:
        known[rng.integers(0, size, size // 3)] = known[0]  # one hash of many records
        known[rng.integers(0, size, 2)] = np.uint64(2**64 - 1), np.uint64(0)
    nums = np.arange(size, dtype=np.uint32)
    table = HashIndex.of_pairs(known, nums)
    plain: dict[int, list[int]] = {}
    for num, key in enumerate(known.tolist()):
        plain.setdefault(key, []).append(num)
    strange = rng.integers(0, 2**64, 70, dtype=np.uint64)
    asked = np.r_[strange, np.uint64(2**64 - 1), np.uint64(0), rng.choice(known, 90) if size else strange]
    for part in (asked, asked[:3], asked[:0]):
        places, found = table.find(part)
        pairs = sorted(zip(places.tolist(), found.tolist(), strict=True))
        assert pairs == [(at, num) for at, key in enumerate(part.tolist()) for num in plain.get(key, [])]
        assert places.tolist() == sorted(places.tolist())


def test_hash_texts_many_texts_equals_one_by_one() -> None:
    for texts in ([], ["a"], ["a", "", "größe"], ["a\0b", "c"], ["a", "\ud800"], ["", ""]):
        assert hash_texts(texts).tolist() == [
            xxhash.xxh3_64_intdigest(t.encode("utf-8", "surrogatepass")) for t in texts
        ]
