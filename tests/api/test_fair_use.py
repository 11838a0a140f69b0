"""The work of requests: their places, turns and time budgets."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from time import thread_time

import pytest

from letrics.accounts.principal import Principal
from letrics.api.body import ClientGone
from letrics.api.call import Call
from letrics.api.fair_use import HEAVY_SECONDS, FairUse, Work
from letrics.api.pools import FairUseLimits, OverLimit
from letrics.budget import OutOfTime
from tests.api.calls import make_call


def call_of(token: int = 1, body: Iterable[bytes] = ()) -> Call:
    call = make_call("/v1/contacts", method="POST", body=body)
    call.principal = Principal(token, token, frozenset({"read"}))
    call.route = "/v1/contacts"
    return call


def burn(seconds: float) -> None:
    started = thread_time()
    while thread_time() - started < seconds:
        pass


async def stay(call: Call) -> None:
    """Have the caller stay until the end of the test."""
    never = asyncio.get_running_loop().create_future()

    async def receive() -> dict[str, str]:
        await never
        return {}

    call.receive = receive


async def pause_often(work: Work) -> None:
    for _ in range(5):
        await work.pause()


async def run_heavy(fair: FairUse, token: int = 1, slices: int = 3) -> int:
    call = call_of(token)
    await stay(call)
    with Work(fair, call) as work:
        work.admit("requests")
        await work.begin({"job_titles": ["a"]})
        for _ in range(slices):
            burn(HEAVY_SECONDS * 1.1)
            await work.pause()
        return slices


def test_heavy_query_beyond_the_share_is_refused() -> None:
    async def run() -> list[int | BaseException]:
        fair = FairUse(FairUseLimits(heavy_searches=2), budget_seconds=60)
        results = await asyncio.gather(*(run_heavy(fair, token) for token in (1, 1, 2)), return_exceptions=True)
        assert set(fair.in_progress().values()) == {0} and not fair.heavy
        return results

    first, second, other = asyncio.run(run())
    assert sorted(map(str, (type(first).__name__, type(second).__name__))) == ["OverLimit", "int"] and other == 3
    refused = next(result for result in (first, second) if isinstance(result, OverLimit))
    assert (refused.kind.code, refused.pool) == (429, "heavy_searches")


def test_expected_heavy_query_is_refused_before_it_runs() -> None:
    async def run() -> None:
        fair = FairUse(FairUseLimits(heavy_searches=2), budget_seconds=60)
        await run_heavy(fair)
        running = asyncio.create_task(run_heavy(fair, slices=5))
        await asyncio.sleep(0)
        for _ in range(5):  # refusals teach nothing: the next query is still expected to be heavy
            with Work(fair, call_of()) as work:
                work.admit("requests")
                with pytest.raises(OverLimit):
                    await work.begin({"job_titles": ["b"]})
        with Work(fair, call_of()) as light:
            light.admit("requests")
            await light.begin({"seniorities": ["vp"]})
        assert await running == 5

    asyncio.run(run())


def test_query_that_cannot_end_in_time_is_refused() -> None:
    async def run() -> None:
        fair = FairUse(FairUseLimits(heavy_searches=100), budget_seconds=50)
        fair.estimates.learn((1, 1), ("/v1/contacts", frozenset({("job_titles", 1)})), 30)
        fair.estimates.learn((2, 2), ("/v1/contacts", frozenset({("job_titles", 1)})), 30)
        calls = [call_of(), call_of(2), call_of()]
        await stay(calls[0])
        with Work(fair, calls[0]) as one, Work(fair, calls[1]) as two:
            one.admit("requests")
            two.admit("requests")
            await one.begin({"job_titles": ["a"]})
            with pytest.raises(OverLimit, match="can finish in time") as refused:
                await two.begin({"job_titles": ["a"]})
            assert (refused.value.kind.code, refused.value.headers) == (503, {"Retry-After": "30"})
            other = call_of(3)
            await stay(other)
            with Work(fair, other) as small:  # it alternates with the others, and ends in time
                small.admit("requests")
                fair.estimates.learn((3, 3), ("/v1/contacts", frozenset({("job_titles", 1)})), 1)
                await small.begin({"job_titles": ["a"]})
        with Work(fair, calls[0]) as one, Work(fair, calls[2]) as another:
            one.admit("requests")
            another.admit("requests")
            await one.begin({"job_titles": ["a"]})
            with pytest.raises(OverLimit, match="its share of the server") as refused:
                await another.begin({"job_titles": ["a"]})
            assert refused.value.kind.code == 429

    asyncio.run(run())


def test_light_query_never_becomes_heavy() -> None:
    async def run() -> None:
        fair = FairUse()
        with Work(fair, call_of()) as work:
            work.admit("requests")
            await work.begin({})
            for _ in range(100):
                await work.pause()
            assert fair.in_progress()["requests"] == 1 and not fair.heavy
            assert [quota.name for quota in work.quotas()] == ["requests"]

    asyncio.run(run())


def test_heavy_query_stops_when_its_caller_leaves() -> None:
    async def run() -> None:
        fair = FairUse(budget_seconds=60)
        with Work(fair, call_of()) as work:  # its caller has left: nothing is received
            work.admit("requests")
            await work.begin({})
            burn(HEAVY_SECONDS * 1.1)
            with pytest.raises(ClientGone):
                await pause_often(work)

    asyncio.run(run())


def test_export_stops_when_its_caller_leaves() -> None:
    async def run() -> None:
        with Work(FairUse(budget_seconds=60), call_of()) as work:
            work.admit("exports")
            await work.begin({})
            with pytest.raises(ClientGone):
                await pause_often(work)

    asyncio.run(run())


def test_export_is_not_charged_for_its_turns() -> None:
    async def run() -> None:
        fair, call = FairUse(budget_seconds=0.2), call_of()
        await stay(call)
        with Work(fair, call) as work:
            work.admit("exports")
            await work.begin({})
            waiting = asyncio.create_task(work.pause())
            await asyncio.sleep(0)
            burn(0.3)  # another request runs
            await waiting

    asyncio.run(run())


def test_query_past_its_budget_raises() -> None:
    async def run() -> None:
        with Work(FairUse(budget_seconds=0.01), call_of()) as work:
            work.admit("requests")
            await work.begin({})
            burn(0.02)
            with pytest.raises(OutOfTime):
                await work.pause()

    asyncio.run(run())


def test_parsing_in_a_thread_takes_a_heavy_place() -> None:
    async def run() -> None:
        fair, call = FairUse(), call_of()
        await stay(call)
        with Work(fair, call) as work:
            work.admit("requests")
            await work.begin({})
            assert await work.in_thread(lambda: 7) == 7
            assert (fair.in_progress()["heavy_searches"], fair.in_progress()["requests"]) == (1, 0)
        assert not fair.in_progress()["heavy_searches"]

    asyncio.run(run())


def test_request_without_a_pool_is_not_limited() -> None:
    async def run() -> None:
        fair = FairUse(FairUseLimits(requests=1))
        with Work(fair, call_of()) as work:
            work.admit(None)
            await work.begin({})
            await work.pause()
            assert fair.in_progress()["requests"] == 0 and work.quotas() == []

    asyncio.run(run())
