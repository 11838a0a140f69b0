"""Pauses of the garbage collector."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

import pytest

from letrics.collector import no_collection, rare_collection


@pytest.fixture(autouse=True)
def _collector() -> Iterator[None]:
    threshold, is_on = gc.get_threshold(), gc.isenabled()
    yield
    gc.set_threshold(*threshold)
    (gc.enable if is_on else gc.disable)()


def test_nothing_is_collected() -> None:
    with no_collection():
        assert not gc.isenabled()
    assert gc.isenabled()


def test_collector_runs_seldom() -> None:
    gc.set_threshold(700, 11, 12)
    with rare_collection():
        assert gc.isenabled()
        assert gc.get_threshold() == (1_000_000, 11, 12)
    assert gc.get_threshold() == (700, 11, 12)


@pytest.mark.parametrize("threshold", [0, 2_000_000])
def test_a_collector_that_runs_less_often_still_does(threshold: int) -> None:
    """A threshold of 0 disables it."""
    gc.set_threshold(threshold)
    with rare_collection():
        assert gc.get_threshold()[0] == threshold


@pytest.mark.parametrize("pause", [no_collection, rare_collection])
def test_collector_runs_again_after_an_error(pause: Callable[[], AbstractContextManager[None]]) -> None:
    before = gc.get_threshold(), gc.isenabled()
    with pytest.raises(ValueError, match="in between"), pause():
        raise ValueError("in between")
    assert (gc.get_threshold(), gc.isenabled()) == before
