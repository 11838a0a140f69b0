"""Hash table against a dictionary."""

from __future__ import annotations

import numpy as np
import pytest
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


@pytest.mark.parametrize("prefix", [0, 2**64 - 2**54], ids=["first slot", "last slot"])
def test_hash_table_colliding_hashes_have_their_own_ids(prefix: int) -> None:
    table, plain = HashTable(), dict[int, int]()
    for first in range(0, 1_500, 300):  # all want one slot; those of the last slot continue at the first
        added = {prefix + number: number for number in range(first, first + 300)}
        table.add(np.array(list(added), np.uint64), np.array(list(added.values()), np.uint32))
        plain |= added
        asked = [*plain, prefix + 1_500, prefix ^ 2**63]
        assert table.find(np.array(asked, np.uint64)).tolist() == [plain.get(hashed, -1) for hashed in asked]
    assert len(table) == len(plain)


def test_hash_table_empty_finds_nothing() -> None:
    assert HashTable().find(np.array([0, 1, 2**64 - 1], np.uint64)).tolist() == [-1, -1, -1]
    assert HashTable().find(np.zeros(0, np.uint64)).tolist() == [] and len(HashTable()) == 0
