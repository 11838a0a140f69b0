"""The pace of writing, with servers that take a certain time for each row."""

from __future__ import annotations

import pytest

from letrics.engines.pace import FIRST_ROWS, LONGEST_SECONDS, MAX_ROWS, MIN_ROWS, TARGET_SECONDS, Pace


class Servers:
    """Servers that apply `rows_per_second`; None is no server. Time passes only while the pace waits."""

    def __init__(self, rows_per_second: float | None) -> None:
        self.rows_per_second = rows_per_second
        self.now = 0.0
        self.end = 0
        self.applied = 0.0

    def slowest(self) -> int | None:
        return None if self.rows_per_second is None else int(self.applied)

    def sleep(self, seconds: float) -> None:
        self.now += seconds
        self.applied = min(self.end, self.applied + seconds * (self.rows_per_second or 0))

    def pace(self, is_shared: bool = False, adapts: bool = True) -> Pace:
        return Pace(lambda: self.end, self.slowest, is_shared, adapts, clock=lambda: self.now, sleep=self.sleep)

    def write(self, pace: Pace, batches: int) -> tuple[int, float]:
        """Write batches; returns the size of the last one and the longest wait."""
        rows, longest = 0, 0.0
        for _ in range(batches):
            rows = pace.max_rows() or 100_000
            self.end += rows
            started = self.now
            pace.wait()
            longest = max(longest, self.now - started)
        return rows, longest


def test_nothing_waits_without_servers() -> None:
    servers = Servers(None)
    pace = servers.pace()
    assert pace.max_rows() is None
    assert servers.write(pace, 5) == (100_000, 0.0)
    assert servers.pace(is_shared=True).max_rows() == MAX_ROWS, "those of other machines may follow"


@pytest.mark.parametrize("rows_per_second", [1_000, 10_000, 20_000])
def test_batches_are_as_large_as_servers_apply_in_the_target_time(rows_per_second: float) -> None:
    servers = Servers(rows_per_second)
    rows, longest = servers.write(servers.pace(), 30)
    assert 0.5 * TARGET_SECONDS <= rows / rows_per_second <= 1.5 * TARGET_SECONDS
    assert servers.applied == servers.end and longest <= FIRST_ROWS / rows_per_second + 1.5 * TARGET_SECONDS


def test_cluster_is_waited_for_with_batches_of_one_size() -> None:
    servers = Servers(10_000)
    rows, longest = servers.write(servers.pace(adapts=False), 3)
    assert rows == MAX_ROWS and longest == pytest.approx(0.5, abs=0.1)


def test_batches_have_limits() -> None:
    fast, slow = Servers(1_000_000), Servers(100)
    assert fast.write(fast.pace(), 30)[0] == MAX_ROWS
    assert slow.write(slow.pace(), 30)[0] == MIN_ROWS


def test_server_that_applies_nothing_is_waited_for_once() -> None:
    servers = Servers(0)
    pace = servers.pace()
    assert servers.write(pace, 1)[1] == pytest.approx(LONGEST_SECONDS, abs=0.1)
    assert servers.write(pace, 5)[1] == 0
    servers.rows_per_second = 1_000
    servers.sleep(0.1)
    assert servers.write(pace, 1)[1] > 0, "it applies changes again"


def test_slow_server_is_waited_for_each_time() -> None:
    servers = Servers(10)
    pace = servers.pace()
    servers.write(pace, 3)
    assert servers.now == pytest.approx(3 * LONGEST_SECONDS, abs=0.2)
