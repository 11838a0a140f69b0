"""The rate at which heavy queries progress."""

from __future__ import annotations

import pytest

from letrics.api.heavy_rate import FORGET_SECONDS, MIN_RATE, HeavyRate


class SetClock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def test_rate_follows_the_progress_and_recovers_when_idle() -> None:
    clock = SetClock()
    rate = HeavyRate(clock)
    rate.begin()
    for _ in range(200):
        clock.now += 0.02
        rate.add(0.005)
    assert rate.value == pytest.approx(0.25, abs=0.01)
    rate.begin()
    assert rate.value < 0.3
    clock.now += FORGET_SECONDS + 0.1
    rate.begin()
    assert rate.value == 1.0


def test_rate_has_a_minimum() -> None:
    clock = SetClock()
    rate = HeavyRate(clock)
    rate.begin()
    for _ in range(100):
        clock.now += 10
        rate.add(0.001)
    assert rate.value == MIN_RATE
