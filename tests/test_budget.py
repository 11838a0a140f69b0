"""The time budget of a request, and the steps that it covers."""

from __future__ import annotations

import asyncio

import pytest

from letrics.budget import Budget, OutOfTime, budget_or, check_budget, current_budget, spending
from letrics.query import parse_request


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_check_past_the_budget_raises() -> None:
    clock = Clock()
    budget = Budget(2, clock)
    clock.now += 2
    budget.check()
    clock.now += 0.001
    with pytest.raises(OutOfTime, match="longer than 2 s"):
        budget.check()
    with pytest.raises(OutOfTime):
        asyncio.run(budget.pause())


def test_restart_and_extend_leave_time() -> None:
    clock = Clock()
    budget = Budget(2, clock)
    clock.now += 5
    budget.restart()
    budget.extend(1)
    assert budget.left() == 3
    budget.end()
    with pytest.raises(OutOfTime):
        budget.check()


def test_current_budget_is_that_of_the_block() -> None:
    budget = Budget(2)
    assert current_budget().left() == float("inf") and budget_or(7).seconds == 7
    with spending(budget):
        assert current_budget() is budget and budget_or(7) is budget
    check_budget()


@pytest.mark.parametrize(
    "body",
    [{"locations": ["Berlin, Germany"]}, {"job_titles": ["clerk"]}, {"domains": ["acme.example/x"]}, {"tlds": ["de"]}],
)
def test_parsing_past_the_budget_raises(body: dict[str, object]) -> None:
    budget = Budget(2)
    budget.end()
    with spending(budget), pytest.raises(OutOfTime):
        parse_request("contacts", body | {"emails": [f"x{id(budget)}@acme.example"]})
