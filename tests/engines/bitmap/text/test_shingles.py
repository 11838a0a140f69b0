"""Shingles: built only where pairs of words repeat, and which texts have a pair."""

from __future__ import annotations

import numpy as np

from letrics.engines.bitmap.text.forward_index import ForwardIndex
from letrics.engines.bitmap.text.shingles import Shingles


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
