"""Memory that a server reserves for its index, and what it does after it has loaded another one."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

from letrics.index_memory import IndexMemory
from letrics.memory import HELD, at_hand


class Engine:
    def __init__(self) -> None:
        self.is_ready = False
        self.base = 7

    def ready(self) -> bool:
        return self.is_ready

    def base_seq(self) -> int:
        return self.base


def test_follow_reserves_when_ready_and_after_a_trim() -> None:
    held: list[int] = []
    left: list[int] = []
    given_back = False

    def hold(size: int) -> Iterator[None]:
        if size > 0:
            held.append(size)
        yield

    def trim(most: int) -> bool:
        left.append(most)
        return given_back

    index_bytes = 100 << 30
    engine = Engine()
    memory = IndexMemory(engine, lambda: index_bytes, 1 << 20, check_seconds=0.0, hold=hold, trim=trim)

    async def seen(times_held: int, times_left: int) -> bool:
        """Whether memory is soon held and trimmed this number of times."""
        for _ in range(500):
            await asyncio.sleep(0.01)
            if (len(held), len(left)) == (times_held, times_left):
                return True
        return False

    async def live() -> None:
        nonlocal given_back, index_bytes
        following = asyncio.create_task(memory.follow())
        assert await seen(0, 0)
        engine.is_ready = True
        assert await seen(1, 0)
        engine.base = 8
        assert await seen(1, 1)
        given_back, engine.base = True, 9
        assert await seen(2, 2)
        index_bytes, given_back, engine.base = 1 << 20, False, 10
        assert await seen(2, 3)
        following.cancel()

    async def grow() -> None:
        nonlocal index_bytes
        following = asyncio.create_task(memory.follow())
        for times, size in ((1, 1 << 20), (2, 100 << 30)):
            index_bytes, engine.base = size, times
            assert await seen(times, times - 1)
        following.cancel()

    asyncio.run(live())
    assert held == [at_hand(100 << 30, 1 << 20)] * 2 == [HELD + (1 << 20)] * 2
    assert left[0] == left[1] > held[0]
    held.clear()
    left.clear()
    asyncio.run(grow())
    assert held == [at_hand(1 << 20, 1 << 20), HELD + (1 << 20) - at_hand(1 << 20, 1 << 20)]
