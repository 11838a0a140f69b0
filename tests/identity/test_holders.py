"""The holders of keys: stored ones and those of a batch."""

from __future__ import annotations

import pytest

from letrics.identity.holders import NOBODY, Holders
from letrics.identity.keys import key_of, personal_keys, shared_key
from letrics.identity.plan import KeyRows
from letrics.records import Email
from tests.identity.memory_reads import MemoryReads

A, B, C = (key_of(hash, 1) for hash in (-5, 0, 1 << 62))
SAME_HASH = key_of(-5, 2)
"""A key with the hash of A and another mark."""
(ADDRESS,) = personal_keys((Email("office@x.example", "personal"),))


@pytest.fixture
def reads() -> MemoryReads:
    return MemoryReads()


def put(reads: MemoryReads, **nums: int) -> None:
    keys = {"a": A, "b": B, "c": C, "same_hash": SAME_HASH}
    reads.write_keys(KeyRows([keys[name] for name in nums], list(nums.values())), KeyRows())


def test_key_stays_with_its_first_holder(reads: MemoryReads) -> None:
    put(reads, a=1)
    holders = Holders(reads)
    assert holders.holder(A) == 1 and holders.holder(B) == NOBODY
    assert not holders.claim(A, 2) and holders.claim(A, 1)
    assert holders.claim(B, 2) and not holders.claim(B, 1)
    assert holders.claim_free(C, 2) and not holders.claim_free(C, 2)


def test_released_key_is_free(reads: MemoryReads) -> None:
    put(reads, a=1)
    holders = Holders(reads)
    holders.release(A, 2)
    assert holders.holder(A) == 1
    holders.release(A, 1)
    assert holders.holder(A) == NOBODY
    assert holders.read([A, B]) == set() and holders.holder(A) == NOBODY


def test_read_learns_the_holders_of_both_twins(reads: MemoryReads) -> None:
    put(reads, a=1, same_hash=2)
    holders = Holders(reads)
    assert holders.read([A]) == {1}
    assert (holders.holder(A), holders.holder(SAME_HASH)) == (1, 2)


def test_shared_key_is_read_with_its_address(reads: MemoryReads) -> None:
    reads.write_keys(KeyRows([ADDRESS, shared_key(ADDRESS, "Bob")], [1, 2]), KeyRows())
    holders = Holders(reads)
    assert holders.holder(ADDRESS) == 1
    reads.stored_keys.clear()
    assert holders.shared_holder(shared_key(ADDRESS, "BOB ")) == 2
    assert holders.shared_holder(shared_key(ADDRESS, "Ann")) == NOBODY


def test_shared_key_stays_with_its_first_holder(reads: MemoryReads) -> None:
    holders, shared = Holders(reads), shared_key(ADDRESS, "Bob")
    holders.claim(ADDRESS, 1)
    holders.claim_shared(shared, 2)
    holders.claim_shared(shared, 3)
    holders.release_shared(shared, 3)
    assert holders.shared_holder(shared) == 2
    holders.release_shared(shared, 2)
    assert holders.shared_holder(shared) == NOBODY


def test_written_has_claims_and_releases(reads: MemoryReads) -> None:
    put(reads, a=1, b=1)
    holders = Holders(reads)
    holders.release(A, 1)
    holders.claim(A, 2)
    holders.release(B, 1)
    holders.claim(B, 1)
    holders.claim(C, 3)
    holders.release(C, 3)
    added, removed = KeyRows(), KeyRows()
    holders.written(added, removed)
    assert set(zip(added.keys, added.nums, strict=True)) == {(A, 2), (B, 1)}
    assert set(zip(removed.keys, removed.nums, strict=True)) == {(A, 1), (B, 1), (C, 3)}
    reads.write_keys(added, removed)
    assert dict(reads.stored_keys) == {A: 2, B: 1}
