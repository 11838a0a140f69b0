"""Gauges of the state of a process."""

from __future__ import annotations

from letrics.api.metric_states import Lag, resident_bytes


def test_lag_counts_from_the_oldest_missing_change() -> None:
    now = [100.0]
    lag = Lag(lambda: now[0])
    assert lag.seconds(5, 5) == 0
    assert lag.seconds(5, 7) == 0
    now[0] = 103
    assert lag.seconds(6, 9) == 3
    now[0] = 104
    assert lag.seconds(8, 9) == 0
    now[0] = 106
    assert lag.seconds(8, 9) == 2
    assert lag.seconds(9, 9) == 0


def test_resident_bytes_is_that_of_a_python_process() -> None:
    assert 1_000_000 < resident_bytes() < 100_000_000_000
