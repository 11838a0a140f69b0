"""The order in which long work runs in the event loop."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial

from letrics.api.turns import STARTS_PER_PASS, FairQueue, Turn, Turns

ONE, OTHER = (1, 1), (2, 2)


def note(released: list[str], name: str, _: asyncio.Future[None]) -> None:
    released.append(name)


def test_queue_alternates_callers_and_prefers_short_work() -> None:
    async def order() -> list[str]:
        queue, released = FairQueue(), list[str]()
        for name, caller, ran in (("a3", ONE, 0.3), ("a1", ONE, 0.1), ("a2", ONE, 0.2), ("b", OTHER, 9.0)):
            turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            turn.add_done_callback(partial(note, released, name))
            queue.push(caller, ran, turn)
        while queue.release():
            await asyncio.sleep(0)
        assert not queue
        return released

    assert asyncio.run(order()) == ["a1", "b", "a2", "a3"]


def test_queue_skips_cancelled_requests() -> None:
    async def release() -> None:
        queue, loop = FairQueue(), asyncio.get_running_loop()
        gone, waiting = loop.create_future(), loop.create_future()
        queue.push(ONE, 0, gone)
        queue.push(ONE, 0, waiting)
        gone.cancel()
        assert queue.release() and waiting.done() and not queue.release()

    asyncio.run(release())


def in_passes(work: Callable[[Turns, list[str]], Awaitable[object]]) -> list[list[str]]:
    """What ran in each pass of the event loop."""

    async def run() -> list[list[str]]:
        ran: list[str] = []
        passes: list[list[str]] = []
        task = asyncio.ensure_future(work(Turns(), ran))
        while not task.done():
            await asyncio.sleep(0)
            passes.append(ran[:])
            ran.clear()
        return [part for part in passes if part]

    return asyncio.run(run())


async def take(turns: Turns, ran: list[str], turn: Turn, times: int = 1) -> None:
    for _ in range(times):
        await turns.take(turn, ONE, 0)
        ran.append(turn)


def test_pass_runs_one_long_slice_and_a_few_starts() -> None:
    passes = in_passes(
        lambda turns, ran: asyncio.gather(
            *(take(turns, ran, "search", 3) for _ in range(20)), *(take(turns, ran, "export", 3) for _ in range(20)),
            *(take(turns, ran, "start") for _ in range(9)),
        )
    )  # fmt: skip
    assert sum(map(len, passes)) == 129
    for part in passes:
        assert part.count("start") <= STARTS_PER_PASS and len(part) - part.count("start") <= 1
    assert sum(part.count("start") for part in passes[:4]) == 9  # no start waits for 40 long requests
    long = [turn for part in passes for turn in part if turn != "start"]
    assert long[:6] in (["search", "export"] * 3, ["export", "search"] * 3)


def test_start_of_a_lone_request_does_not_wait() -> None:
    async def run() -> None:
        turns = Turns()
        for _ in range(10):
            waiting = turns.take("start", ONE, 0)
            try:
                waiting.send(None)
            except StopIteration:
                pass
            else:
                raise AssertionError("it waited")
            await asyncio.sleep(0)

    asyncio.run(run())
