"""The identity keys of a batch: stored keys, keys in memory, and keys whose hashes collide."""

from __future__ import annotations

import apsw
from hypothesis import given, settings
from hypothesis import strategies as st

from letrics.identity.keys import Key, key_of
from letrics.store.sqlite.keys import (
    NOBODY,
    Holders,
    Names,
    Namesakes,
    Rows,
    hashes_of,
    keys_held_by,
    read_keys,
    write_keys,
)

A, B, C = (key_of(hash, 1) for hash in (-5, 0, 1 << 62))
TWIN = key_of(-5, 2)
"""A key with the hash of A and another mark."""

_keys = st.builds(key_of, st.integers(-(1 << 63), (1 << 63) - 1), st.integers(-(1 << 31), (1 << 31) - 1))


def put(connection: apsw.Connection, **nums: int) -> None:
    keys = {"a": A, "b": B, "c": C, "twin": TWIN}
    write_keys(connection, Rows([keys[name] for name in nums], list(nums.values())), Rows())


def stored(connection: apsw.Connection) -> dict[Key, int]:
    return dict(read_keys(connection, [A, B, C, TWIN]))


@given(st.lists(_keys, max_size=20))
def test_hashes_of_are_sorted_and_unique(keys: list[Key]) -> None:
    hashes = hashes_of(keys).tolist()
    assert hashes == sorted({int.from_bytes(key[:8], "little", signed=True) for key in keys})


@given(st.lists(st.tuples(_keys, st.integers(0, 1 << 40)), max_size=20))
def test_rows_sorted_are_in_order_of_hash(pairs: list[tuple[Key, int]]) -> None:
    rows = Rows()
    for key, num in pairs:
        rows.add(key, num)
    found = rows.sorted()
    assert [hash for hash, _, _ in found] == sorted(hash for hash, _, _ in found)
    assert sorted((key_of(hash, mark), num) for hash, mark, num in found) == sorted(pairs)


def test_read_keys_finds_keys_of_one_hash(connection: apsw.Connection) -> None:
    put(connection, a=1, twin=2, b=3)
    assert list(read_keys(connection, [])) == []
    assert sorted(read_keys(connection, [A])) == sorted([(A, 1), (TWIN, 2)])
    assert dict(read_keys(connection, [C])) == {}


def test_write_keys_ignores_what_is_there_or_missing(connection: apsw.Connection) -> None:
    put(connection, a=1)
    put(connection, a=1, b=2)
    write_keys(connection, Rows(), Rows([C, A], [3, 9]))
    assert stored(connection) == {A: 1, B: 2}
    write_keys(connection, Rows([C], [3]), Rows([A], [1]))
    assert stored(connection) == {B: 2, C: 3}


def test_keys_held_by_are_all_keys_of_a_contact(connection: apsw.Connection) -> None:
    put(connection, a=1, b=2, c=1)
    assert set(keys_held_by(connection, 1)) == {A, C}
    assert list(keys_held_by(connection, 7)) == []


class TestHolders:
    def test_key_stays_with_its_first_holder(self, connection: apsw.Connection) -> None:
        put(connection, a=1)
        holders = Holders(connection)
        assert holders.holder(A) == 1 and holders.holder(B) == NOBODY
        assert not holders.claim(A, 2) and holders.claim(A, 1)
        assert holders.claim(B, 2) and not holders.claim(B, 1)
        assert holders.claim_free(C, 2) and not holders.claim_free(C, 2)

    def test_released_key_is_free(self, connection: apsw.Connection) -> None:
        put(connection, a=1)
        holders = Holders(connection)
        holders.release(A, 2)
        assert holders.holder(A) == 1
        holders.release(A, 1)
        assert holders.holder(A) == NOBODY
        assert holders.read([A, B]) == set() and holders.holder(A) == NOBODY

    def test_read_returns_the_holders_of_both_twins(self, connection: apsw.Connection) -> None:
        put(connection, a=1, twin=2)
        holders = Holders(connection)
        assert holders.read([A]) == {1, 2}
        assert (holders.holder(A), holders.holder(TWIN)) == (1, 2)

    def test_written_has_claims_and_releases(self, connection: apsw.Connection) -> None:
        put(connection, a=1, b=1)
        holders = Holders(connection)
        holders.release(A, 1)
        holders.claim(A, 2)
        holders.release(B, 1)
        holders.claim(B, 1)
        holders.claim(C, 3)
        holders.release(C, 3)
        added, removed = Rows(), Rows()
        holders.written(added, removed)
        assert set(zip(added.keys, added.nums, strict=True)) == {(A, 2), (B, 1)}
        assert set(zip(removed.keys, removed.nums, strict=True)) == {(A, 1), (B, 1), (C, 3)}
        write_keys(connection, added, removed)
        assert stored(connection) == {A: 2, B: 1}


class TestNames:
    def names(self, connection: apsw.Connection, **ranks: int) -> Names:
        return Names(connection, {int(name[1:]): rank for name, rank in ranks.items()}.get)

    def test_namesakes_are_those_that_exist(self, connection: apsw.Connection) -> None:
        write_keys(connection, Rows([A, A, A], [1, 2, 3]), Rows())
        group = self.names(connection, n1=0, n2=2).namesakes(A)
        assert group is not None
        assert (group.ranks, group.counts, group.first(2)) == ({1: 0, 2: 2}, [1, 0, 1], 2)
        assert self.names(connection).namesakes(A) is None
        assert self.names(connection, n1=0).namesakes(B) is None

    def test_changes_of_the_batch_are_seen_before_and_after_reading(self, connection: apsw.Connection) -> None:
        write_keys(connection, Rows([A, A], [1, 2]), Rows())
        names = self.names(connection, n1=0, n2=0, n3=1)
        names.drop(A, 1)
        names.put(A, 3, 1)
        group = names.namesakes(A)
        assert group is not None and group.ranks == {2: 0, 3: 1}
        names.drop(A, 2)
        names.put(A, 3, 2, new=False)
        group = names.namesakes(A)
        assert group is not None and group.ranks == {3: 2}
        names.drop(A, 3)
        assert names.namesakes(A) is None
        added, removed = Rows(), Rows()
        names.written(added, removed)
        assert (added.keys, sorted(removed.nums)) == ([], [1, 2, 3])


@settings(max_examples=50)
@given(st.lists(st.tuples(st.integers(0, 4), st.sampled_from((None, 0, 1, 2))), max_size=20))
def test_namesakes_count_each_rank(changes: list[tuple[int, int | None]]) -> None:
    group, expected = Namesakes(), dict[int, int]()
    for num, rank in changes:
        if rank is None:
            group.drop(num)
            expected.pop(num, None)
        else:
            group.put(num, rank)
            expected[num] = rank
    assert group.ranks == expected
    assert group.counts == [list(expected.values()).count(rank) for rank in range(3)]
    for rank in set(expected.values()):
        assert group.first(rank) == min(num for num, its in expected.items() if its == rank)
