"""The time budget of the request that runs now, and the points at which it lets other requests run.

It is a context variable: parsing, the engines and the store consult it without a parameter in every signature between
them. Outside a request, as in commands, there is none, and each query has the budget of its engine.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from time import perf_counter
from typing import Final, TypeVar

Result = TypeVar("Result")


class OutOfTime(Exception):
    """The request exceeded its time budget."""


class Budget:
    """A number of seconds for one request, from now on. `clock` returns seconds."""

    def __init__(self, seconds: float, clock: Callable[[], float] = perf_counter) -> None:
        self.seconds: Final = seconds
        self._clock = clock
        self._ends = clock() + seconds

    def restart(self) -> None:
        """Begin again: what passed until now was not the work of the server, or the work has parts with a budget
        each."""
        self._ends = self._clock() + self.seconds

    def extend(self, seconds: float) -> None:
        """Do not count these seconds, in which the request had to wait."""
        self._ends += seconds

    def end(self) -> None:
        """Let the work stop at its next check, also in another thread."""
        self._ends = float("-inf")

    def left(self) -> float:
        """The seconds that are left; negative past the budget."""
        return self._ends - self._clock()

    def check(self) -> None:
        """Raise OutOfTime past the budget."""
        if self._clock() > self._ends:
            raise OutOfTime(f"the query took longer than {self.seconds:g} s")

    async def begin(self, given: Mapping[str, object]) -> None:
        """Wait for the first turn of a query with these fields."""

    async def in_thread(self, work: Callable[[], Result]) -> Result:
        """Do work that would block other requests in another thread."""
        return await asyncio.to_thread(work)

    async def pause(self) -> None:
        """Let other requests run. Raises OutOfTime past the budget."""
        self.check()
        await asyncio.sleep(0)


_current: Final[ContextVar[Budget | None]] = ContextVar("budget", default=None)
_UNLIMITED: Final = Budget(float("inf"))


def current_budget() -> Budget:
    """The budget of the request that runs now; outside a request one without an end."""
    return _current.get() or _UNLIMITED


def budget_or(seconds: float) -> Budget:
    """The budget of the request that runs now; outside a request a new one of these seconds."""
    return _current.get() or Budget(seconds)


def check_budget() -> None:
    """Raise OutOfTime if there is a budget and it is spent. Costs about 0.2 µs: call it at every value of a list."""
    if (budget := _current.get()) is not None:
        budget.check()


@contextmanager
def spending(budget: Budget) -> Iterator[None]:
    """Run the block with this budget."""
    token = _current.set(budget)
    try:
        yield
    finally:
        _current.reset(token)
