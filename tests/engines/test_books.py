"""The forward index finds known texts by a table of hashes, which is saved without the last few texts."""

from __future__ import annotations

import numpy as np
import pytest

from letrics.engines.bitmap.costs import DEFAULT_COSTS
from letrics.engines.bitmap.text.forward_index import ForwardIndex


@pytest.mark.parametrize("late", [1, 6, 7, 300])
def test_texts_that_came_after_the_table_are_known_from_the_column_of_hashes(late: int) -> None:
    before = [f"text {number}" for number in range(100)]
    after = [f"late text {number}" for number in range(late)]
    forward_index = ForwardIndex()
    forward_index.ids_of(before)
    forward_index.table(DEFAULT_COSTS)
    ids = forward_index.ids_of([*before, *after])
    assert ids.tolist() == list(range(100 + late))

    hashes, of = forward_index.table(DEFAULT_COSTS)
    assert len(hashes) == (100 if late <= 100 // 16 else 100 + late)
    assert bool(np.all(hashes[:-1] < hashes[1:]))
    assert np.array_equal(forward_index.hashes.whole()[of], hashes)

    again = ForwardIndex()
    again.words, again.codes, again.ends, again.hashes = (
        forward_index.words,
        forward_index.codes,
        forward_index.ends,
        forward_index.hashes,
    )
    again.restore_table(hashes, of)
    for each in (forward_index, again):
        assert each.ids_of([*after, None, *before]).tolist() == [*range(100, 100 + late), -1, *range(100)]
    assert again.ids_of(["new text"]).tolist() == [100 + late]
