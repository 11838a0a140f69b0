"""When an index is read again, because its dictionaries may have values of people who were forgotten."""

from __future__ import annotations

import time

from letrics.engines.common.erasure_schedule import ErasureSchedule, has_erased
from letrics.store.forgotten_list import Erasures
from tests.naive.log import Log
from tests.naive.store import NaiveStore


class Erased(NaiveStore):
    """A store that says what was erased."""

    def __init__(self, *erased: int) -> None:
        super().__init__(Log())
        self.erased = Erasures(*erased)
        self.asked = 0

    def erasures(self) -> Erasures:
        self.asked += 1
        return self.erased


def now_ms() -> int:
    return time.time_ns() // 1_000_000


def test_has_erased_forgotten_people_is_at_once() -> None:
    assert has_erased(4, now_ms(), Erasures(5, 5))
    assert not has_erased(5, now_ms(), Erasures(5, 5))


def test_has_erased_other_deletions_is_a_day_later() -> None:
    assert not has_erased(4, now_ms(), Erasures(0, 5))
    assert has_erased(4, now_ms() - 86_400_001, Erasures(0, 5))


def test_is_due_waits_for_further_people() -> None:
    assert not ErasureSchedule(60).is_due(Erased(5, 5), 5, 4, now_ms())
    assert ErasureSchedule(0).is_due(Erased(5, 5), 5, 4, now_ms())


def test_is_due_asks_only_about_a_log_that_changed() -> None:
    schedule, store = ErasureSchedule(0), Erased()
    assert not schedule.is_due(store, 5, 4, now_ms())
    assert not schedule.is_due(store, 5, 4, now_ms())
    assert store.asked == 1
    assert not schedule.is_due(store, 6, 4, now_ms())
    assert store.asked == 2


def test_is_due_ends_with_a_new_index() -> None:
    schedule, store = ErasureSchedule(0), Erased(5, 5)
    assert schedule.is_due(store, 5, 4, now_ms())
    assert not schedule.is_due(store, 5, 5, now_ms())
