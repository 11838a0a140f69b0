"""Threads: every item is processed, and exceptions are raised in the caller."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from letrics.engines.bitmap.kernel.parallel import map_threads, serialized


def test_map_threads_serialized_call_counts_every_item() -> None:
    done: list[int] = []
    count = serialized(lambda: done.append(len(done)))
    map_threads(lambda _: count(), range(50))
    assert done == list(range(50))


def test_map_threads_failing_item_raises_its_exception() -> None:
    def work(item: int) -> None:
        if item == 3:
            raise ValueError("three")

    with pytest.raises(ValueError, match="three"):
        map_threads(work, range(10))


@given(st.lists(st.integers()))
@settings(max_examples=20, deadline=None)
def test_map_threads_any_items_gives_results_in_their_order(items: list[int]) -> None:
    assert map_threads(str, items) == list(map(str, items))


def test_map_threads_failing_item_skips_those_not_begun() -> None:
    begun: list[int] = []

    def work(item: int) -> None:
        begun.append(item)
        time.sleep(0.001)
        if item == 0:
            raise ValueError("zero")

    with pytest.raises(ValueError, match="zero"):
        map_threads(work, range(1_000))
    assert len(begun) < 1_000


def test_serialized_concurrent_calls_run_one_at_a_time() -> None:
    running: list[int] = []

    def call() -> None:
        running.append(1)
        time.sleep(0.001)
        assert len(running) == 1
        running.pop()

    locked = serialized(call)
    map_threads(lambda _: locked(), range(20))
    assert running == []
