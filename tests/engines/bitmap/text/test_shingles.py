"""Shingles: built only where pairs of words repeat, and which texts have a pair."""

from __future__ import annotations

import itertools

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from letrics.engines.bitmap.text.forward_index import ForwardIndex
from letrics.engines.bitmap.text.shingles import Shingles
from letrics.engines.bitmap.text.tokenizer import tokenize


def test_shingles_repeated_pairs_find_their_texts() -> None:
    forward_index = ForwardIndex()
    ids = forward_index.ids_of([f"head of {what}" for what in ("sales", "design", "law", "tax")]).astype(np.uint32)
    assert Shingles.of(forward_index, ids, 50) is None
    ids = np.r_[ids, forward_index.ids_of([f"{what} head of" for what in ("sales", "design", "law", "tax")])].astype(
        np.uint32
    )
    assert Shingles.of(forward_index, ids, 50) is None
    ids = np.r_[ids, forward_index.ids_of([f"{what} head of it" for what in ("sales", "design", "law", "tax")])]
    made = Shingles.of(forward_index, ids.astype(np.uint32), 50)
    assert made is not None
    second = np.zeros(len(forward_index.words), np.bool_)
    second[forward_index.words.find(("of",))] = True
    assert made.texts_with(forward_index.words.find(("head",)), second, after_space=True).tolist() == list(range(12))
    assert made.texts_with(forward_index.words.find(("head",)), second, after_space=False).tolist() == []
    assert made.texts_with(forward_index.words.find(("of",)), second, after_space=True).tolist() == []


def test_shingles_without_pairs_is_none() -> None:
    assert Shingles.of(ForwardIndex(), np.zeros(0, np.uint32), 50) is None
    forward_index = ForwardIndex()
    assert Shingles.of(forward_index, forward_index.ids_of(["head", "of"]).astype(np.uint32), 50) is None


WORDS = st.sampled_from(["head", "of", "sales", "-", "r", "&", "d"])
TEXTS = st.lists(st.lists(st.tuples(WORDS, st.booleans()), min_size=1, max_size=5), min_size=1, max_size=25)


@given(TEXTS, st.sampled_from([1, 5, 1_000]))
def test_shingles_any_texts_match_the_adjacent_tokens(texts: list[list[tuple[str, bool]]], sample: int) -> None:
    forward_index = ForwardIndex()
    forward_index.ids_of(["".join(" " * spaced + word for word, spaced in text) for text in texts])
    tokens = [tokenize(text) for text in forward_index]
    pairs = [[(one, other, spaced) for (one, _), (other, spaced) in itertools.pairwise(text)] for text in tokens]
    made = Shingles.of(forward_index, np.arange(len(tokens), dtype=np.uint32), sample)
    sampled = [pair for of_text in pairs[:sample] for pair in of_text]
    assert (made is not None) == (0 < 2 * len(set(sampled)) <= len(sampled))
    if made is None:
        return
    words = list(forward_index.words)
    for spaced in (False, True):
        for first, second in itertools.product(words, ["head", "of"]):
            mask = np.array([word in (second, "-") for word in words])
            found = made.texts_with(forward_index.words.find((first,)), mask, spaced).tolist()
            assert found == [
                at for at, of_text in enumerate(pairs) if {(first, second, spaced), (first, "-", spaced)} & set(of_text)
            ]
