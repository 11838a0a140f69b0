"""Turns of long work in the event loop, so that a short request never waits for all long ones.

Searches and exports run in slices of some milliseconds. Without an order, each pass of the event loop runs one slice of
every request in progress, and a short request waits for all of them. Here a pass runs at most `STARTS_PER_PASS` first
slices and one further slice of a long search or an export.

Callers alternate, whatever the number of their requests. Of one caller, the request with the lowest rank goes first:
with the time that it has run as its rank, a search of 10 ms does not wait for one of a second (least attained service).
"""

from __future__ import annotations

import asyncio
import heapq
from collections import deque
from typing import Final, Literal

Caller = tuple[int, int]
"""The user and the token of a request, see `Principal`."""
Turn = Literal["start", "search", "export"]

STARTS_PER_PASS: Final = 4
"""The maximum number of requests that begin in one pass of the event loop."""


class FairQueue:
    """Requests that wait for their turn. Callers alternate."""

    def __init__(self) -> None:
        self._callers: deque[Caller] = deque()
        self._waiting: dict[Caller, list[tuple[float, int, asyncio.Future[None]]]] = {}
        self._number = 0

    def __bool__(self) -> bool:
        return bool(self._callers)

    def push(self, caller: Caller, rank: float, turn: asyncio.Future[None]) -> None:
        """Add a request. Of one caller, the lowest rank goes first."""
        self._number += 1
        if caller not in self._waiting:
            self._waiting[caller] = []
            self._callers.append(caller)
        heapq.heappush(self._waiting[caller], (rank, self._number, turn))

    def release(self) -> bool:
        """Give the next request its turn. Returns whether there was one; those that were cancelled are skipped."""
        while self._callers:
            caller = self._callers.popleft()
            _, _, turn = heapq.heappop(self._waiting[caller])
            if self._waiting[caller]:
                self._callers.append(caller)
            else:
                del self._waiting[caller]
            if not turn.done():
                turn.set_result(None)
                return True
        return False


class Turns:
    """The turns of one event loop."""

    def __init__(self) -> None:
        self._queues: Final[dict[Turn, FairQueue]] = {
            "start": FairQueue(),
            "search": FairQueue(),
            "export": FairQueue(),
        }
        self._next_long: Turn = "search"
        self._started = 0
        self._is_scheduled = False

    async def take(self, turn: Turn, caller: Caller, rank: float) -> None:
        """Wait for a turn. Without others that wait, a request begins at once. `rank` as in `FairQueue.push`."""
        queue = self._queues[turn]
        if turn == "start" and not queue and self._started < STARTS_PER_PASS:
            self._started += 1
            self._schedule()
            return
        released = asyncio.get_running_loop().create_future()
        queue.push(caller, rank, released)
        self._schedule()
        await released

    def _schedule(self) -> None:
        if not self._is_scheduled:
            self._is_scheduled = True
            asyncio.get_running_loop().call_soon(self._pass)

    def _pass(self) -> None:
        """Release what the next pass of the event loop runs."""
        self._is_scheduled = False
        self._started = 0
        while self._started < STARTS_PER_PASS and self._queues["start"].release():
            self._started += 1
        first, second = self._next_long, _OTHER[self._next_long]
        if self._queues[first].release():
            self._next_long = second
        else:
            self._queues[second].release()
        if self._started or any(self._queues.values()):
            self._schedule()


_OTHER: Final[dict[Turn, Turn]] = {"search": "export", "export": "search"}
