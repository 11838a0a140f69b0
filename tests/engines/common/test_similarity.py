"""Similarity: the best candidates against sorting, and the ratio against the definition."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from letrics.engines.common.similarity import best_candidates, similarity
from tests.engines.bitmap.kernel import naive

COMPARED = 48
"""Candidates that are compared character by character."""
TEXTS = st.text("abé中 ", max_size=9)


@given(st.lists(st.integers(0, 60) | st.floats(0, 1), max_size=120))
def test_best_candidates_any_estimates_are_the_highest(estimates: list[float]) -> None:
    best = best_candidates(np.array(estimates, np.float64)).tolist()
    assert len(set(best)) == len(best)
    assert sorted((estimates[at] for at in best), reverse=True) == naive.highest(estimates, COMPARED)


@pytest.mark.parametrize("count", [0, 1, COMPARED - 1, COMPARED, COMPARED + 1, 500])
def test_best_candidates_any_count_returns_at_most_the_limit(count: int) -> None:
    assert set(best_candidates(np.arange(count)).tolist()) == set(range(count)[-COMPARED:])


@given(TEXTS, TEXTS)
@settings(max_examples=100, deadline=None)
def test_similarity_any_texts_is_the_ratio_or_none(one: str, other: str) -> None:
    ratio = naive.similarity(one, other)
    assert similarity(one, other) == (ratio if ratio >= 0.6 else None)


def test_similarity_equal_empty_and_strange_texts() -> None:
    assert similarity("", "") == similarity("manager", "manager") == 1.0
    assert similarity("manager", "") is None and similarity("abc", "xyz") is None
