"""An engine that says what keeps its index from being loaded."""

from __future__ import annotations

import asyncio

import pytest

from letrics.engines.base import EngineAway, EngineLoading, SearchEngine, SearchRequest, Window
from letrics.engines.explained_engine import ExplainedEngine, is_loading
from letrics.fields import CATALOGUE
from letrics.query.clauses import Query
from tests.api.plain import PlainEngine, PlainStore

_REQUEST = SearchRequest(Query("contacts", ()), Window())


def explained(failure: Exception | None, reason: Exception) -> SearchEngine:
    engine = PlainEngine(PlainStore([], []))
    engine.failure = failure
    return ExplainedEngine(engine, lambda: reason)


def test_engine_that_is_loading_raises_the_reason() -> None:
    engine = explained(EngineLoading(), EngineAway("its settings are too low"))
    fact = next(fact for field in CATALOGUE if (fact := field.fact("contacts")) is not None)
    with pytest.raises(EngineAway, match="too low"):
        asyncio.run(engine.search(_REQUEST))
    assert asyncio.run(engine.values("contacts", fact, "c", 5)) == []
    assert asyncio.run(engine.position()) is None
    engine.close()


def test_other_errors_and_results_stay() -> None:
    with pytest.raises(ZeroDivisionError):
        asyncio.run(explained(ZeroDivisionError(), EngineAway()).search(_REQUEST))
    engine = explained(None, EngineAway())
    assert asyncio.run(engine.search(_REQUEST)).total == 0 and engine.capabilities.exact_facets
    assert asyncio.run(engine.position()) is not None


def test_index_is_loading_if_nothing_is_known() -> None:
    assert isinstance(is_loading(), EngineLoading)
