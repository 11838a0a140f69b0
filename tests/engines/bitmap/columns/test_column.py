"""Growable column against a list."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from letrics.engines.bitmap.columns.column import Column


def test_column_grown_keeps_its_values() -> None:
    column = Column(np.int32, fill=-1)
    column.grow(3)
    column.put(np.array([1]), 7)
    column.grow(1000)
    assert column.part(0, 4).tolist() == [-1, 7, -1, -1]
    assert column.append(np.array([4, 5])) == 1000
    assert len(column) == 1002


@given(st.integers(0, 5), st.lists(st.tuples(st.integers(0, 11), st.integers(0, 99)), max_size=9))
def test_column_over_an_array_matches_a_list(base: int, writes: list[tuple[int, int]]) -> None:
    column = Column(np.int64, fill=-1, data=np.arange(base))
    column.grow(12)
    plain = [*range(base), *[-1] * (12 - base)]
    for at, value in writes:
        plain[at] = value
    last = dict(writes)
    column.put(np.array(list(last), dtype=np.int64), list(last.values()))
    assert column.whole().tolist() == plain
    assert column.take(np.arange(11, -1, -1)).tolist() == plain[::-1]
    assert column.part(base // 2, 9).tolist() == plain[base // 2 : 9]
