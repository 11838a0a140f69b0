"""The lease of the process that feeds the indexes."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import cast

import pytest

from letrics.engines.opensearch.following.lease_keeper import LeaseKeeper, LeaseTimes
from letrics.store.base import Store, StoreAway
from tests.naive.backend import NaiveStoreBackend
from tests.waiting import wait_for
from tests.wrapped_store import WrappedStore

_SHORT = LeaseTimes(lasts=0.3, interval=0.02)


@pytest.fixture
def open_store(tmp_path: Path) -> Callable[[], Store]:
    return lambda: NaiveStoreBackend(tmp_path).open(create=True)


class AwayStore(WrappedStore):
    """A store that cannot be reached while `away` is set."""

    def __init__(self, store: Store, away: threading.Event) -> None:
        super().__init__(store)
        self._away = away

    def acquire_lease(self, name: str, holder: str, seconds: float) -> bool:
        if self._away.is_set():
            raise StoreAway("away")
        return self.store.acquire_lease(name, holder, seconds)


def test_first_keeper_has_the_lease_and_keeps_it(open_store: Callable[[], Store]) -> None:
    first, second = LeaseKeeper(open_store, "feed", _SHORT), LeaseKeeper(open_store, "feed", _SHORT)
    assert not first.is_held()
    first.start()
    second.start()
    time.sleep(0.5)
    assert first.is_held() and not second.is_held()
    first.close()
    second.close()


def test_keeper_that_closes_gives_the_lease_to_another(open_store: Callable[[], Store]) -> None:
    long = LeaseTimes(lasts=600, interval=0.02)
    first, second = LeaseKeeper(open_store, "feed", long), LeaseKeeper(open_store, "feed", long)
    first.start()
    second.start()
    first.close()
    assert not first.is_held()
    wait_for(second.is_held)
    second.close()


def test_keeper_without_database_loses_the_lease_when_it_expires(open_store: Callable[[], Store]) -> None:
    away = threading.Event()
    keeper = LeaseKeeper(lambda: cast("Store", AwayStore(open_store(), away)), "feed", _SHORT)
    keeper.start()
    away.set()
    time.sleep(0.1)
    assert keeper.is_held()
    wait_for(lambda: not keeper.is_held())
    away.clear()
    wait_for(keeper.is_held)
    keeper.close()
