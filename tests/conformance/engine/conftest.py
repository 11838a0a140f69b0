"""Each pair of an engine and a store, and an engine that has loaded a small set of records."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from letrics.store.base import Store
from tests.conformance.asked import Asked
from tests.conformance.engine.making import SERVED, Maker, loaded, making
from tests.matrix.pairs import USUAL_PAIRS, Pair
from tests.matrix.stores import StoreMaker


@pytest.fixture(scope="module", params=[*USUAL_PAIRS, *SERVED], ids=str)
def pair(request: pytest.FixtureRequest) -> Pair:
    found: Pair = request.param
    return found


@pytest.fixture
def stores(pair: Pair) -> StoreMaker:
    return pair.store


@pytest.fixture
def maker(pair: Pair, tmp_path: Path) -> Iterator[Maker]:
    with making(pair, tmp_path) as make:
        yield make


@pytest.fixture
def asked(maker: Maker, store: Store) -> Asked:
    return loaded(maker, store)


@pytest.fixture
def suggesting(asked: Asked, request: pytest.FixtureRequest) -> Asked:
    """An engine that suggests similar values. With one that does not declare to, the test has to fail."""
    if not asked.engine.capabilities.suggestions:
        reason = "the engine makes no suggestions"
        request.applymarker(pytest.mark.xfail(strict=True, raises=AssertionError, reason=reason))
    return asked
