"""Work beyond the bound of a pool of threads."""

from __future__ import annotations

import asyncio
import threading

import pytest

from letrics.api.bounded_threads import BoundedThreads
from letrics.errors import LetricsError


def test_work_beyond_the_bound_is_refused() -> None:
    async def ask() -> None:
        threads, released = BoundedThreads(2, "previews"), threading.Event()
        busy = [asyncio.create_task(threads.run(released.wait)) for _ in range(2)]
        await asyncio.sleep(0)
        with pytest.raises(LetricsError, match="runs 2 previews already") as raised:
            await threads.run(int)
        assert (raised.value.kind.code, raised.value.headers) == (503, {"Retry-After": "5"})
        released.set()
        assert await asyncio.gather(*busy) == [True, True]
        assert await threads.run(int, "7") == 7

    asyncio.run(ask())


def test_work_of_a_cancelled_request_keeps_its_thread() -> None:
    async def ask() -> None:
        threads, released = BoundedThreads(1, "previews"), threading.Event()
        gone = asyncio.create_task(threads.run(released.wait))
        await asyncio.sleep(0.05)
        gone.cancel()
        await asyncio.gather(gone, return_exceptions=True)
        with pytest.raises(LetricsError, match="runs 1 previews"):
            await threads.run(int)
        released.set()
        await asyncio.sleep(0.1)
        assert await threads.run(int) == 0

    asyncio.run(ask())


def test_failing_work_frees_its_thread() -> None:
    async def ask() -> None:
        threads = BoundedThreads(1, "previews")
        for _ in range(2):
            with pytest.raises(ValueError, match="invalid literal"):
                await threads.run(int, "x")

    asyncio.run(ask())
