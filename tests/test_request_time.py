"""The limit that the waits of a request have together."""

from __future__ import annotations

import contextvars

import pytest

from letrics.request_time import begin_waiting, waiting_time


@pytest.mark.parametrize(
    ("passed", "expected"), [(0.0, 1.5), (0.5, 1.0), (1.4, 0.3), (2.4, 0.3), (2.6, 1.5), (600.0, 1.5)]
)
def test_waits_of_a_request_have_a_limit_together(
    monkeypatch: pytest.MonkeyPatch, passed: float, expected: float
) -> None:
    now = [100.0]
    monkeypatch.setattr("time.monotonic", lambda: now[0])

    def left() -> float:
        begin_waiting()
        now[0] += passed
        return waiting_time(1.5)

    assert contextvars.copy_context().run(left) == pytest.approx(expected)


def test_a_short_wait_is_not_made_longer() -> None:
    def left() -> float:
        begin_waiting()
        return waiting_time(0.1)

    assert contextvars.copy_context().run(left) == pytest.approx(0.1, abs=0.05)


def test_work_without_a_request_waits_as_long_as_it_may() -> None:
    assert contextvars.Context().run(waiting_time, 1.5) == 1.5
