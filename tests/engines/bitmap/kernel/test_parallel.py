"""Threads: every item is processed, and exceptions are raised in the caller."""

from __future__ import annotations

import pytest

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
