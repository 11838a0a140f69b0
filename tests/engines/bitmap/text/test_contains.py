"""What a title contains, on any text at all: the index of titles against the plain rule."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from letrics.engines.bitmap.costs import DEFAULT_COSTS
from letrics.engines.bitmap.text.forward_index import ForwardIndex
from letrics.engines.bitmap.text.text_index import TextIndex
from letrics.normalize.text import fold_words
from tests.property import vocabulary as words
from tests.property.reading import searchable
from tests.property.test_fold import TEXT

TITLES = st.lists(TEXT | st.sampled_from(words.TITLES), min_size=1, max_size=12)


def plain_rank(text: str, key: str) -> int:
    if text == key:
        return 0
    return 1 if text.startswith(key) else 2 if f" {key}" in text else 3


@given(st.data(), TITLES)
@settings(max_examples=400, deadline=None)
def test_the_index_finds_what_contains(data: st.DataObject, text_indexes: list[str]) -> None:
    forward_index = ForwardIndex()
    half = len(text_indexes) // 2
    ids = forward_index.ids_of(text_indexes[:half]).tolist()
    before = TextIndex(forward_index, DEFAULT_COSTS)
    ids += forward_index.ids_of(text_indexes[half:]).tolist()
    title = data.draw(st.sampled_from(text_indexes))
    start = data.draw(st.integers(0, len(title)))
    piece = title[start : start + data.draw(st.integers(1, 8))]
    needle = data.draw(st.sampled_from([piece, piece.upper(), piece.swapcase(), searchable(piece)]) | TEXT)
    key = fold_words(needle)
    if not key:
        return
    expected = {at for at, text in enumerate(text_indexes) if searchable(needle) in searchable(text)}
    for index in (TextIndex(forward_index, DEFAULT_COSTS), TextIndex(forward_index, DEFAULT_COSTS, before)):
        found = index.resolve(key)
        texts = set((index.texts_of_words(found.ids) if found.by_word else found.ids).tolist())
        assert {at for at, id_ in enumerate(ids) if id_ in texts} == expected
        hit = np.array(sorted(texts), dtype=np.uint32)
        assert index.ranks(key, hit).tolist() == [plain_rank(forward_index[id_], key) for id_ in hit.tolist()]
    assert [forward_index[id_] for id_ in ids if id_ >= 0] == [
        fold_words(title) for title in text_indexes if fold_words(title)
    ]
    assert len(np.unique(ids)) <= len(text_indexes)
