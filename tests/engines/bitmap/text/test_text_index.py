"""Text index: strings and phrases find the texts, and the records, that contain them."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyroaring import BitMap

from letrics.engines.bitmap.costs import DEFAULT_COSTS, Costs
from letrics.engines.bitmap.kernel.arrays import Nums
from letrics.engines.bitmap.kernel.roaring import (
    union,
)
from letrics.engines.bitmap.query.executor import text_bitmaps
from letrics.engines.bitmap.segment.postings import Postings
from letrics.engines.bitmap.segment.segment import Segment, TextPostings
from letrics.engines.bitmap.storage.bitmap_store import BitmapCache, BitmapStore
from letrics.engines.bitmap.text.forward_index import ForwardIndex
from letrics.engines.bitmap.text.text_index import TextIndex
from letrics.normalize.text import fold_words
from letrics.normalize.title_words import split_words, words_key

WORDS = st.sampled_from(["head", "ahead", "of", "office", "r", "&", "d", "-", "管理", "vp,", "c++", "."])


TEXTS = st.lists(st.tuples(st.sampled_from(["", " "]), WORDS), min_size=1, max_size=6).map(
    lambda tokens: "".join(space + word for space, word in tokens)
)


PHRASES = TEXTS | st.sampled_from(["head of", "r&d", "of of", ", head", "d of o", "++ c"])


FILLER = [f"lorem ipsum dolor sit amet {number}" for number in range(50)]
"""Texts whose pairs of words repeat, so that shingles are built."""


def records_of(forward_index: ForwardIndex, texts: Nums, costs: Costs) -> Segment:
    """Record n has the text `texts[n]`."""
    codes, places = forward_index.codes_of(texts)
    nums = np.arange(len(texts), dtype=np.uint32)
    by_word = Postings.of_pairs((codes >> 1).astype(np.uint32), nums[places], BitmapCache(), costs)
    by_text = Postings.of_pairs(texts, nums, BitmapCache(), costs)
    alive = BitMap(range(len(texts)))
    postings = TextPostings(by_word, by_text, {}, BitmapStore.of([], BitmapCache()))
    return Segment(costs, alive, alive, texts={"title": postings})


@pytest.mark.parametrize("filler", [[], FILLER])
@pytest.mark.parametrize("costs", [replace(DEFAULT_COSTS, max_gathered_nums=-1), DEFAULT_COSTS])
@given(st.lists(TEXTS, max_size=12), st.lists(TEXTS, max_size=6), PHRASES, st.integers(0, 2**32 - 1))
@settings(deadline=None, max_examples=150)
def test_text_index_phrase_finds_texts_and_records(
    filler: list[str], costs: Costs, first: list[str], later: list[str], phrase: str, seed: int
) -> None:
    forward_index = ForwardIndex()
    wanted = fold_words(phrase)
    forward_index.ids_of(filler + first)
    index = TextIndex(forward_index, costs)
    forward_index.ids_of(later)
    index = TextIndex(forward_index, costs, index)
    assert (index.parts[0].pairs is not None) or not filler
    resolved = index.resolve(wanted)
    expected = [wanted in forward_index[at] for at in range(len(forward_index))]
    assert (index.texts_of_words(resolved.ids) if resolved.by_word else resolved.ids).tolist() == [
        at for at, contains in enumerate(expected) if contains
    ]
    if len(forward_index):
        texts = np.random.default_rng(seed).integers(0, len(forward_index), 30).astype(np.uint32)
        found = union(text_bitmaps(records_of(forward_index, texts, costs), "title", resolved))
        assert found.to_array().tolist() == [num for num, text in enumerate(texts.tolist()) if expected[text]]


STRINGS = st.text(alphabet="ab c+.éßﬁ管理ทำ/ ", max_size=12)


@given(st.lists(STRINGS, max_size=12), st.lists(STRINGS, max_size=12), STRINGS)
def test_text_index_string_finds_texts_that_contain_it(first: list[str], later: list[str], string: str) -> None:
    forward_index = ForwardIndex()
    first_ids = forward_index.ids_of(first)
    index = TextIndex(forward_index, DEFAULT_COSTS)
    ids = [*first_ids.tolist(), *forward_index.ids_of(later).tolist()]
    index = TextIndex(forward_index, DEFAULT_COSTS, index)
    wanted = fold_words(string)
    if not wanted:
        return
    found = index.resolve(wanted)
    texts = set(found.ids.tolist())
    if found.by_word:
        codes, places = forward_index.codes_of(np.arange(len(forward_index), dtype=np.uint32))
        texts = {int(place) for code, place in zip(codes, places, strict=True) if int(code) >> 1 in texts}
    assert texts == {id_ for id_, text in zip(ids, first + later, strict=True) if wanted in fold_words(text)}
    if found.by_word:
        assert set(index.texts_of_words(found.ids).tolist()) == texts


@given(st.lists(TEXTS, min_size=1, max_size=12), PHRASES)
@settings(deadline=None)
def test_text_index_ranks_whole_then_beginning_then_word(texts: list[str], phrase: str) -> None:
    forward_index = ForwardIndex()
    forward_index.ids_of(texts)
    index, wanted = TextIndex(forward_index, DEFAULT_COSTS), fold_words(phrase)
    containing = [at for at, text in enumerate(forward_index) if wanted in text]
    expected = []
    for text in (forward_index[at] for at in containing):
        expected.append(0 if text == wanted else 1 if text.startswith(wanted) else 2 if f" {wanted}" in text else 3)
    assert index.ranks(wanted, np.array(containing, np.uint32)).tolist() == expected


@given(st.lists(st.lists(TEXTS, max_size=4), min_size=1, max_size=6), PHRASES)
@settings(deadline=None, max_examples=50)
def test_text_index_many_extensions_have_few_parts(batches: list[list[str]], phrase: str) -> None:
    forward_index, wanted = ForwardIndex(), fold_words(phrase)
    costs = replace(DEFAULT_COSTS, max_cached_entries=1)
    index = TextIndex(forward_index, costs)
    for batch in batches:
        forward_index.ids_of(batch)
        index = TextIndex(forward_index, costs, index)
        resolved = index.resolve(wanted)
        found = index.texts_of_words(resolved.ids) if resolved.by_word else resolved.ids
        assert found.tolist() == [at for at, text in enumerate(forward_index) if wanted in text]
        sizes = [part.size for part in index.parts]
        assert sum(sizes) == len(forward_index) and all(a > 2 * b for a, b in itertools.pairwise(sizes[1:]))


def test_text_index_near_words_of_all_parts_are_suggested() -> None:
    forward_index = ForwardIndex()
    forward_index.ids_of(["sales manager"])
    index = TextIndex(forward_index, DEFAULT_COSTS)
    forward_index.ids_of(["office managers"])
    index = TextIndex(forward_index, DEFAULT_COSTS, index)
    assert index.near("manger", 5) == ["manager", "managers"] and index.near("manger", 1) == ["manager"]


@pytest.mark.parametrize("costs", [replace(DEFAULT_COSTS, max_gathered_nums=-1), DEFAULT_COSTS])
@given(st.lists(TEXTS, max_size=12), st.lists(TEXTS, max_size=6), PHRASES)
@settings(deadline=None, max_examples=150)
def test_text_index_words_find_texts_and_records(costs: Costs, first: list[str], later: list[str], phrase: str) -> None:
    forward_index, words = ForwardIndex(), split_words(phrase)
    ids = forward_index.ids_of(first).tolist()
    before = TextIndex(forward_index, costs)
    ids += forward_index.ids_of(later).tolist()
    if not words:
        return
    index, key = TextIndex(forward_index, costs, before), words_key(words)
    expected = {at for at, text in enumerate(first + later) if key in words_key(split_words(text))}
    resolved = index.resolve(key)
    texts = set((index.texts_of_words(resolved.ids) if resolved.by_word else resolved.ids).tolist())
    assert {at for at, id_ in enumerate(ids) if id_ in texts} == expected
    having = [at for at, id_ in enumerate(ids) if id_ >= 0]
    segment = records_of(forward_index, np.array([ids[at] for at in having], np.uint32), costs)
    assert {having[num] for num in union(text_bitmaps(segment, "title", resolved))} == expected
