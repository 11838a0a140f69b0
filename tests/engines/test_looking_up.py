"""What a record's texts and items are found by again: hashes in tables, words cut all at once, items met before."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from letrics.engines.bitmap.columns.term_dictionary import TermDictionary
from letrics.engines.bitmap.kernel.hash_table import HashTable
from letrics.engines.bitmap.text.forward_index import ForwardIndex
from letrics.engines.bitmap.text.tokenizer import tokenize, tokenize_all
from letrics.normalize.text import fold

FOLDED = st.text(alphabet="ab c+-.&管é\0\x1b", min_size=1, max_size=12).map(fold).filter(len)
HASHES = st.integers(0, 2**64 - 1) | st.integers(0, 5) | st.integers(2**64 - 5, 2**64 - 1)


@given(st.lists(st.lists(HASHES, max_size=40), max_size=6), st.lists(HASHES, max_size=20))
def test_a_hash_table_finds_what_was_added(turns: list[list[int]], asked: list[int]) -> None:
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


def test_a_hash_table_grows() -> None:
    hashes = np.random.default_rng(3).integers(0, 2**64, 50_000, dtype=np.uint64)
    table = HashTable()
    for start in range(0, len(hashes), 7_000):
        ids = np.arange(start, min(start + 7_000, len(hashes)), dtype=np.uint32)
        table.add(hashes[ids], ids)
    assert table.find(hashes).tolist() == list(range(len(hashes)))
    assert table.find(~hashes).max() == -1


@given(st.lists(FOLDED, min_size=1, max_size=9))
def test_texts_cut_all_at_once_have_the_words_they_have_one_by_one(texts: list[str]) -> None:
    one_by_one = [" " * spaced + word for word, spaced in tokenize(texts[0])]
    for text in texts[1:]:
        one_by_one += ["\n", *(" " * spaced + word for word, spaced in tokenize(text))]
    assert [token.decode() for token in tokenize_all(texts)] == one_by_one


@given(st.lists(st.none() | st.text(alphabet="aA b-é\n", max_size=5), max_size=12))
def test_a_book_gives_texts_that_fold_alike_one_id_and_gives_them_back(texts: list[str | None]) -> None:
    forward_index = ForwardIndex()
    first, again = forward_index.ids_of(texts).tolist(), forward_index.ids_of(texts).tolist()
    assert first == again
    assert [id_ for id_, text in zip(first, texts, strict=True) if not fold(text or "")] == first.count(-1) * [-1]
    assert [forward_index[id_] for id_ in first if id_ >= 0] == [fold(text) for text in texts if text and fold(text)]
    assert len(set(first) - {-1}) == len(forward_index) == len({fold(text) for text in texts if text} - {""})


def test_an_item_has_the_ids_of_all_its_texts() -> None:
    dictionary = TermDictionary(fold, texts=lambda item: tuple(item.split(".")))
    counts, ids = dictionary.ids_of(["co.uk", "UK", "co.uk"])
    assert counts is not None and counts.tolist() == [2, 1, 2]
    assert ids.tolist() == [0, 1, 1, 0, 1] and dictionary.keys == ["co", "uk"]
    counts, ids = TermDictionary(fold).ids_of(["b", "a", "B"])
    assert counts is None and ids.tolist() == [0, 1, 0]
