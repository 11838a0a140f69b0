"""What every log store promises about leases."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from letrics.store.base import Store

_LONG = 600.0


@pytest.fixture
def store(opener: Callable[[], Store]) -> Iterator[Store]:
    with opener() as store:
        yield store


def test_lease_of_one_holder_is_refused_to_another(store: Store) -> None:
    assert store.acquire_lease("feed", "ann", _LONG)
    assert not store.acquire_lease("feed", "bob", _LONG)
    assert store.acquire_lease("other", "bob", _LONG)


def test_lease_is_extended_by_its_holder(store: Store) -> None:
    assert store.acquire_lease("feed", "ann", 0.001)
    assert store.acquire_lease("feed", "ann", _LONG)
    time.sleep(0.01)
    assert not store.acquire_lease("feed", "bob", _LONG)


def test_lease_that_expired_is_given_to_another(store: Store) -> None:
    assert store.acquire_lease("feed", "ann", 0.05)
    time.sleep(0.1)
    assert store.acquire_lease("feed", "bob", _LONG)
    assert not store.acquire_lease("feed", "ann", _LONG)


def test_release_ends_only_the_lease_of_its_holder(store: Store) -> None:
    store.acquire_lease("feed", "ann", _LONG)
    store.release_lease("feed", "bob")
    assert not store.acquire_lease("feed", "bob", _LONG)
    store.release_lease("feed", "ann")
    assert store.acquire_lease("feed", "bob", _LONG)


def test_lease_is_given_to_one_of_several_processes(opener: Callable[[], Store], store: Store) -> None:
    def acquire(number: int) -> bool:
        with opener() as another:
            return another.acquire_lease("feed", f"holder {number}", _LONG)

    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(acquire, range(8))) == 1


def test_lease_does_not_change_the_position(store: Store) -> None:
    before = store.position()
    store.acquire_lease("feed", "ann", _LONG)
    assert store.position() == before
