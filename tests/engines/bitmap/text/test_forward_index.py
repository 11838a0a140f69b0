"""Forward index: texts are recognized by hash, and ids give the texts back."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from letrics.engines.bitmap.costs import DEFAULT_COSTS
from letrics.engines.bitmap.text.forward_index import ForwardIndex
from letrics.normalize.text import fold_words


@pytest.mark.parametrize("late", [1, 6, 7, 300])
def test_forward_index_texts_after_the_table_are_found(late: int) -> None:
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


@given(st.lists(st.none() | st.text(alphabet="aA b-é\n", max_size=5), max_size=12))
def test_forward_index_texts_that_fold_alike_share_an_id(texts: list[str | None]) -> None:
    forward_index = ForwardIndex()
    first, again = forward_index.ids_of(texts).tolist(), forward_index.ids_of(texts).tolist()
    assert first == again
    assert [id_ for id_, text in zip(first, texts, strict=True) if not fold_words(text or "")] == first.count(-1) * [-1]
    assert [forward_index[id_] for id_ in first if id_ >= 0] == [
        fold_words(text) for text in texts if text and fold_words(text)
    ]
    assert len(set(first) - {-1}) == len(forward_index) == len({fold_words(text) for text in texts if text} - {""})


def test_forward_index_iterated_ends_after_the_last_text() -> None:
    forward_index = ForwardIndex()
    forward_index.ids_of(["Head of Sales", "C++", "head of sales"])
    assert list(forward_index) == ["head of sales", "c++"]
    with pytest.raises(IndexError):
        forward_index[2]
