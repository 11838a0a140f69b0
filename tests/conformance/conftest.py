"""A small set of records in each store."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from letrics.store.base import Store
from tests.conformance.world import put_world
from tests.matrix.stores import STORES, StoreMaker


@pytest.fixture(params=STORES)
def stores(request: pytest.FixtureRequest) -> StoreMaker:
    return STORES[request.param]


@pytest.fixture
def opener(stores: StoreMaker, tmp_path: Path) -> Callable[[], Store]:
    return partial(stores(tmp_path).open, create=True)


@pytest.fixture
def store(opener: Callable[[], Store]) -> Iterator[Store]:
    with opener() as opened:
        put_world(opened)
        yield opened
