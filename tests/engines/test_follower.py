"""The loop that keeps a target up to date with a log, over a target that only counts."""

from __future__ import annotations

import threading
import time
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import cast

import pytest

from letrics.engines.base import EngineAway, EngineBroken, EngineLoading
from letrics.engines.follower import Follower
from letrics.engines.follower_positions import PositionFile, slowest_position
from letrics.store.base import Position, Store, StoreAway, StoreRemoved, StoreReplaced
from tests.waiting import wait_for


class Log:
    """A log that is read by one follower. `opened` and `closed` count its connections."""

    def __init__(self) -> None:
        self.seq, self.opened, self.closed = 1, 0, 0
        self.registered: list[int] = []
        self.is_away = False

    def open(self) -> Store:
        if self.is_away:
            raise StoreAway("away")
        self.opened += 1
        return cast("Store", self)

    def close(self) -> None:
        self.closed += 1

    def follow(self, name: str, seq: int) -> None:
        self.registered.append(seq)


class Target:
    """Has the seq of the log that it has applied. The next call of `apply` raises `failure`."""

    def __init__(self, log: Log) -> None:
        self.log = log
        self.seq: int | None = None
        self.failure: Exception | None = None
        self.suspended = self.closed = 0

    def position(self) -> Position | None:
        return None if self.seq is None else Position("log", self.seq, "batch")

    def load(self, store: Store) -> bool:
        loaded, self.seq = self.seq is None, self.seq or self.log.seq
        return loaded

    def apply(self, store: Store) -> bool:
        failure, self.failure = self.failure, None
        if failure is not None:
            raise failure
        before, self.seq = self.seq, self.log.seq
        return before != self.seq

    def suspend(self) -> None:
        self.seq, self.suspended = None, self.suspended + 1

    def close(self) -> None:
        self.closed += 1


@contextmanager
def followed(target: Target, open_store: Callable[[], Store]) -> Iterator[Follower]:
    follower = Follower(target, open_store, interval=0.001)
    follower.start()
    try:
        yield follower
    finally:
        follower.stop()


def test_follower_loads_then_applies_changes_until_stopped() -> None:
    target = Target(log := Log())
    with followed(target, log.open):
        wait_for(lambda: log.registered == [1])
        log.seq = 5
        wait_for(lambda: target.seq == 5)
    assert (log.opened, log.closed, target.closed, target.suspended) == (1, 1, 1, 0)


def test_follower_keeps_its_position_for_those_that_write(tmp_path: Path) -> None:
    target = Target(log := Log())
    follower = Follower(target, log.open, 0.001, PositionFile(tmp_path / "followers"))
    follower.start()
    wait_for(lambda: slowest_position(tmp_path / "followers") == 1)
    log.seq = 5
    wait_for(lambda: slowest_position(tmp_path / "followers") == 5)
    log.is_away = True
    target.failure = StoreReplaced("replaced")
    wait_for(lambda: slowest_position(tmp_path / "followers") is None)
    log.is_away = False
    wait_for(lambda: slowest_position(tmp_path / "followers") == 5)
    follower.stop()
    assert slowest_position(tmp_path / "followers") is None


@pytest.mark.parametrize(
    ("failure", "suspended", "opened"),
    [
        (StoreAway("locked"), 0, 2),
        (StoreReplaced("replaced"), 1, 2),
        (StoreRemoved("removed"), 1, 1),
        (ZeroDivisionError("bug"), 0, 2),
    ],
)
def test_follower_goes_on_after_a_failure(
    failure: Exception, suspended: int, opened: int, caplog: pytest.LogCaptureFixture
) -> None:
    target = Target(log := Log())
    with followed(target, log.open) as follower:
        wait_for(lambda: target.seq == 1)
        target.failure = failure
        wait_for(lambda: target.failure is None)
        log.seq = 2
        wait_for(lambda: target.seq == 2 and follower.failure is None)
    assert (target.suspended, log.opened, log.closed) == (suspended, opened, opened)
    assert str(failure) in caplog.text


def test_failure_that_goes_on_is_logged_once(caplog: pytest.LogCaptureFixture) -> None:
    log, attempts = Log(), list[float]()

    def open_store() -> Store:
        attempts.append(time.monotonic())
        raise StoreAway("may not be written")

    with followed(Target(log), open_store):
        wait_for(lambda: len(attempts) >= 4)
    assert caplog.text.count("may not be written") == 1


def test_follower_waits_for_a_store_that_is_away() -> None:
    target = Target(log := Log())
    away = [StoreAway("there is no database"), StoreAway("there is no database")]

    def open_store() -> Store:
        if away:
            raise away.pop()
        return log.open()

    with followed(target, open_store) as follower:
        wait_for(lambda: target.seq == 1 and follower.failure is None)
    assert log.opened == 1


@pytest.mark.parametrize(
    ("failure", "why"),
    [(StoreAway("locked"), StoreAway), (EngineAway("too low"), EngineAway), (StoreReplaced("replaced"), EngineLoading),
     (ZeroDivisionError("secret"), EngineBroken)],
)  # fmt: skip
def test_follower_says_why_the_index_is_not_loaded(failure: Exception, why: type[Exception]) -> None:
    def open_store() -> Store:
        raise failure

    with followed(Target(Log()), open_store) as follower:
        assert isinstance(follower.why_loading(), EngineLoading | why)
        wait_for(lambda: follower.failure is not None)
        found = follower.why_loading()
        assert isinstance(found, why) and found.__traceback__ is None and "secret" not in str(found)


def test_follower_keeps_nothing_of_a_failed_attempt() -> None:
    class Index:
        pass

    made: list[weakref.ref[Index]] = []

    class Failing(Target):
        def load(self, store: Store) -> bool:
            index = Index()
            made.append(weakref.ref(index))
            try:
                raise KeyError("first")
            except KeyError as error:
                raise EngineAway("away") from error

    log = Log()
    with followed(Failing(log), log.open):
        wait_for(lambda: len(made) > 1 and made[0]() is None)


def test_follower_that_is_stopped_reports_no_interrupted_request(caplog: pytest.LogCaptureFixture) -> None:
    log, closing = Log(), threading.Event()

    class Waiting(Target):
        def load(self, store: Store) -> bool:
            closing.wait(10)
            raise EngineAway("the request was interrupted")

        def close(self) -> None:
            closing.set()

    with followed(Waiting(log), log.open):
        wait_for(lambda: log.opened == 1)
    assert closing.is_set() and "interrupted" not in caplog.text
