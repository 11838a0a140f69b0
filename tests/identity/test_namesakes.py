"""The contacts with a name: stored ones and those of a batch, each with its rank."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from letrics.identity.keys import key_of
from letrics.identity.namesakes import Names, Namesakes
from letrics.identity.plan import KeyRows
from tests.identity.memory_reads import MemoryReads

A, B = key_of(-5, 1), key_of(0, 1)


@pytest.fixture
def reads() -> MemoryReads:
    return MemoryReads()


def make_names(reads: MemoryReads, **ranks: int) -> Names:
    return Names(reads, {int(name[1:]): rank for name, rank in ranks.items()}.get)


def test_namesakes_are_those_that_exist(reads: MemoryReads) -> None:
    reads.write_keys(KeyRows([A, A, A], [1, 2, 3]), KeyRows())
    group = make_names(reads, n1=0, n2=2).namesakes(A)
    assert group is not None
    assert (group.ranks, group.counts, group.first(2)) == ({1: 0, 2: 2}, [1, 0, 1], 2)
    assert make_names(reads).namesakes(A) is None
    assert make_names(reads, n1=0).namesakes(B) is None


def test_changes_of_the_batch_are_seen_before_and_after_reading(reads: MemoryReads) -> None:
    reads.write_keys(KeyRows([A, A], [1, 2]), KeyRows())
    names = make_names(reads, n1=0, n2=0, n3=1)
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
    added, removed = KeyRows(), KeyRows()
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
