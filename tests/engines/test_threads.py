"""Work in threads: every item is processed, and errors are raised."""

from __future__ import annotations

import pytest

from letrics.engines.bitmap.kernel.parallel import map_threads, serialized


def test_every_item_is_worked_on() -> None:
    done: list[int] = []
    count = serialized(lambda: done.append(len(done)))
    map_threads(lambda _: count(), range(50))
    assert done == list(range(50))


def test_what_is_raised_for_one_item_is_raised() -> None:
    def work(item: int) -> None:
        if item == 3:
            raise ValueError("three")

    with pytest.raises(ValueError, match="three"):
        map_threads(work, range(10))
