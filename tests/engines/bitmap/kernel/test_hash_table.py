"""Hash table against a dictionary."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from letrics.engines.bitmap.kernel.hash_table import HashTable

HASHES = st.integers(0, 2**64 - 1) | st.integers(0, 5) | st.integers(2**64 - 5, 2**64 - 1)


@given(st.lists(st.lists(HASHES, max_size=40), max_size=6), st.lists(HASHES, max_size=20))
def test_hash_table_any_hashes_matches_a_dictionary(turns: list[list[int]], asked: list[int]) -> None:
    table, wanted = HashTable(), dict[int, int]()
    for turn in turns:
        new = list(dict.fromkeys(hashed for hashed in turn if hashed not in wanted))
        ids = range(len(wanted), len(wanted) + len(new))
        table.add(np.array(new, np.uint64), np.array(ids, np.uint32))
        wanted.update(zip(new, ids, strict=True))
        every = [*wanted, *asked]
        found = table.find(np.array(every, np.uint64)).tolist()
        assert found == [wanted.get(hashed, -1) for hashed in every]
    assert len(table) == len(wanted)


def test_hash_table_many_hashes_grows() -> None:
    hashes = np.random.default_rng(3).integers(0, 2**64, 50_000, dtype=np.uint64)
    table = HashTable()
    for start in range(0, len(hashes), 7_000):
        ids = np.arange(start, min(start + 7_000, len(hashes)), dtype=np.uint32)
        table.add(hashes[ids], ids)
    assert table.find(hashes).tolist() == list(range(len(hashes)))
    assert table.find(~hashes).max() == -1
