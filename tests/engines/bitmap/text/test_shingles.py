"""Shingles: built only where pairs of words repeat, and which texts have a pair."""

from __future__ import annotations

import itertools
from random import Random

import numpy as np
import pytest

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


@pytest.mark.parametrize("sample", [1, 5, 1_000])
@pytest.mark.parametrize("count", [0, 1, 5, 40, 80])
def test_shingles_any_texts_match_the_adjacent_tokens(count: int, sample: int, seed: int) -> None:
    rng, forward_index = Random(seed), ForwardIndex()
    texts = [
        "".join(rng.choice((" ", "")) + rng.choice(("-", "&", " of", " head ")) for _ in range(rng.randint(1, 8)))
        for _ in range(count)
    ]
    forward_index.ids_of(texts)
    tokens = [tokenize(text) for text in forward_index]
    pairs = [[(one, other, spaced) for (one, _), (other, spaced) in itertools.pairwise(text)] for text in tokens]
    made = Shingles.of(forward_index, np.arange(len(tokens), dtype=np.uint32), sample)
    sampled = [pair for of_text in pairs[:sample] for pair in of_text]
    assert (made is not None) == (0 < 2 * len(set(sampled)) <= len(sampled))
    assert made is not None or (count, sample) != (80, 1_000)
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
