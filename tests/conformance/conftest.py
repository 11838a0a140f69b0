"""A small set of records in each store, and each engine that searches it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path

import pytest

from letrics.backends.base import FollowedEngine
from letrics.store.base import Store
from tests.conformance.asked import Asked
from tests.conformance.world import COMPANIES, CONTACTS
from tests.matrix.engines import ENGINES
from tests.matrix.served import served
from tests.matrix.stores import STORES, StoreMaker

Maker = Callable[[int], FollowedEngine]
"""Makes an engine with the time budget of one query in milliseconds."""


@pytest.fixture(params=STORES)
def stores(request: pytest.FixtureRequest) -> StoreMaker:
    return STORES[request.param]


@pytest.fixture
def opener(stores: StoreMaker, tmp_path: Path) -> Callable[[], Store]:
    return partial(stores(tmp_path).open, create=True)


@pytest.fixture
def store(opener: Callable[[], Store]) -> Iterator[Store]:
    with opener() as opened:
        opened.put_companies(COMPANIES)
        opened.put_contacts(CONTACTS)
        yield opened


@pytest.fixture(params=[*ENGINES, "served"])
def maker(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Maker]:
    with ExitStack() as stack:
        if request.param != "served":
            yield partial(ENGINES[request.param], tmp_path)
            return

        def make(budget_ms: int) -> FollowedEngine:
            return stack.enter_context(served(ENGINES["bitmap"](tmp_path, budget_ms)))

        yield make


@pytest.fixture
def asked(maker: Maker, store: Store) -> Asked:
    made = maker(60_000)
    made.load(store)
    return Asked(made, store)


@pytest.fixture
def suggesting(asked: Asked, request: pytest.FixtureRequest) -> Asked:
    """An engine that suggests similar values. With one that does not declare to, the test has to fail."""
    if not asked.engine.capabilities.suggestions:
        reason = "the engine makes no suggestions"
        request.applymarker(pytest.mark.xfail(strict=True, raises=AssertionError, reason=reason))
    return asked
