"""Fair use: bounds what each caller and all together run at a time, and in which order it runs.

A request takes a place in a pool (`letrics.api.pools`) before its body is read, and is refused at once without one.
Whether a query is heavy shows as it runs: after `HEAVY_SECONDS` of processor time it needs a place among the heavy
ones, which run in slices between the light ones (`letrics.api.turns`). All heavy queries together may need the time
budget, and those of a caller its share of that: a further one could not end in time. A query that is expected to be
heavy, by earlier ones of its caller, is refused before it runs if there is no place for it.

Each server process has separate limits, turns and estimates.
"""

from __future__ import annotations

import asyncio
import contextvars
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from time import perf_counter, thread_time
from types import TracebackType
from typing import Final

from letrics.api.body import ClientGone
from letrics.api.call import Call
from letrics.api.cost_estimates import CostEstimates, Shape, shape_of
from letrics.api.heavy_rate import HeavyRate
from letrics.api.pools import FairUseLimits, Pool, PoolName, make_pools
from letrics.api.rate_limit_fields import Quota
from letrics.api.turns import Caller, Turn, Turns
from letrics.budget import Budget, Result

HEAVY_SECONDS: Final = 0.005
"""Seconds of processor time after which a query is heavy. Most take less than one millisecond."""
_parsing: Final = ThreadPoolExecutor(1, "parsing")
"""The thread that parses large bodies: a single one, because parsing keeps the event loop from running."""


class FairUse:
    """The limits of one server process. `budget_seconds` is the time budget of a query."""

    def __init__(self, limits: FairUseLimits | None = None, budget_seconds: float = 2.0) -> None:
        self.pools: Final = make_pools(limits or FairUseLimits())
        self.turns: Final = Turns()
        self.estimates: Final = CostEstimates()
        self.budget_seconds: Final = budget_seconds
        self.heavy: Final[set[Work]] = set()
        self.rate: Final = HeavyRate()

    def in_progress(self) -> Mapping[str, int]:
        """The number of requests in progress by pool."""
        return {name: pool.used for name, pool in self.pools.items()}

    def backlog_seconds(self, caller: Caller | None = None) -> float:
        """The estimated time until the heavy queries in progress have ended, of one caller or of all."""
        expected = sum(work.expected_seconds() for work in self.heavy if caller in (None, work.caller))
        return expected / self.rate.value


class Work(Budget):
    """The work of one request: its places, its turns and its time budget. Use it as a context manager.

    The time that an export waits for its turns is not counted, because a file must not end early when others come.
    """

    def __init__(self, fair: FairUse, call: Call) -> None:
        super().__init__(fair.budget_seconds)
        self._fair = fair
        self._call = call
        self.caller: Caller = (0, 0)
        self._pool: Pool | None = None
        self._asked: list[Pool] = []
        self._shape: Shape | None = None
        self._estimate = 0.0
        self._ran = 0.0
        self._since = 0.0
        self._is_gone = False
        self._watching: asyncio.Task[None] | None = None

    # --- places

    def admit(self, pool: PoolName | None) -> None:
        """Take a place of the pool; None is no pool. Raises OverLimit."""
        principal = self._call.principal
        if pool is None or principal is None:
            return
        self.caller = (principal.user_id, principal.token_id)
        entered = self._fair.pools[pool]
        self._asked.append(entered)
        entered.enter(self.caller)
        self._pool = entered

    def quotas(self) -> list[Quota]:
        """What the caller may still use of the pools that the request needed."""
        return [pool.quota(self.caller) for pool in self._asked]

    def _become_heavy(self) -> None:
        """Move to the pool of heavy queries. Raises OverLimit if it is full, or cannot end in time."""
        fair, heavy = self._fair, self._fair.pools["heavy_searches"]
        if self._shape is not None and self._estimate < self._ran:
            fair.estimates.learn(self.caller, self._shape, self._ran)  # now: many may come before this one ends
        learned, self._shape = self._shape, None  # a query that is refused has no cost to learn from
        self._asked.append(heavy)
        heavy.check(self.caller)
        own, backlog = fair.backlog_seconds(self.caller), fair.backlog_seconds()
        expected = self.expected_seconds() / fair.rate.value
        if own and own + expected > fair.budget_seconds * heavy.share / heavy.most:
            raise heavy.share_used(self.caller, own)
        # Callers alternate: one with little to do need not wait until the backlog of the others has ended.
        callers = len({work.caller for work in fair.heavy} | {self.caller})
        if backlog and min(backlog + expected, (own + expected) * callers) > self.left():
            raise heavy.full(backlog)
        if not fair.heavy:
            fair.rate.begin()
        self._shape = learned
        assert self._pool is not None
        self._pool.leave(self.caller)
        heavy.enter(self.caller)
        self._pool = heavy
        fair.heavy.add(self)
        self._watch()

    def expected_seconds(self) -> float:
        """The processor time that the query is expected to need from now on."""
        return max(self._estimate - self._ran, HEAVY_SECONDS)

    # --- turns

    async def begin(self, given: Mapping[str, object]) -> None:
        """See Budget. Raises OverLimit."""
        if self._pool is None:
            return
        if self._is_export():
            self._watch()
            return
        self._since = thread_time()
        self._shape = shape_of(self._call.route, given)
        self._refuse_early(self._shape)
        await self._next_turn()
        self._refuse_early(self._shape)  # others of this shape may have shown to be heavy meanwhile
        self.check()

    def _refuse_early(self, shape: Shape) -> None:
        """Raise OverLimit for a query that is expected to be heavy, if there is no place for it."""
        self._estimate = self._fair.estimates.of(self.caller, shape)
        if self._estimate > HEAVY_SECONDS and self not in self._fair.heavy:
            self._become_heavy()

    async def pause(self) -> None:
        """Let other requests run. Raises OutOfTime, OverLimit, and ClientGone if the caller has left."""
        self.check()
        if self._pool is None:
            await asyncio.sleep(0)
            return
        seconds = thread_time() - self._since
        self._ran += seconds
        if self in self._fair.heavy:
            self._fair.rate.add(seconds)
        if self._pool.name == "requests" and self._ran > HEAVY_SECONDS:
            self._become_heavy()
        await self._next_turn()
        self.check()

    async def in_thread(self, work: Callable[[], Result]) -> Result:
        """See Budget. A query whose parsing needs a thread is heavy: parsing competes with the event loop."""
        if self._pool is not None and self._pool.name == "requests":
            self._become_heavy()

        def timed() -> tuple[Result, float]:
            started = thread_time()
            return work(), thread_time() - started

        result, seconds = await asyncio.get_running_loop().run_in_executor(
            _parsing, contextvars.copy_context().run, timed
        )
        self._ran += seconds
        self._since = thread_time()
        return result

    async def _next_turn(self) -> None:
        is_export = self._is_export()
        turn: Turn = "export" if is_export else "search" if self in self._fair.heavy else "start"
        waited = perf_counter()
        # A query that has begun goes on before newer ones begin: otherwise it could be refused late.
        await self._fair.turns.take(turn, self.caller, -self._ran if turn == "start" else self._ran)
        if is_export:
            self.extend(perf_counter() - waited)
        self._since = thread_time()

    def _is_export(self) -> bool:
        return self._pool is not None and self._pool.name == "exports"

    # --- the caller

    def _watch(self) -> None:
        if self._watching is None:
            self._watching = asyncio.ensure_future(self._notice_leaving())

    async def _notice_leaving(self) -> None:
        while (await self._call.receive())["type"] != "http.disconnect":
            pass
        self._is_gone = True
        self.end()

    def check(self) -> None:
        """Raise OutOfTime past the budget, and ClientGone if the caller has left."""
        if self._is_gone:
            raise ClientGone
        super().check()

    def __enter__(self) -> Work:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._watching is not None:
            self._watching.cancel()
        if self._shape is not None and not self._is_gone:
            self._fair.estimates.learn(self.caller, self._shape, self._ran)
        self._fair.heavy.discard(self)
        if self._pool is not None:
            self._pool.leave(self.caller)
            self._pool = None
        self.end()
