"""The interface of search engines: its values, and the engine that implements it."""

from __future__ import annotations

import inspect
from dataclasses import FrozenInstanceError
from pathlib import Path

import pytest

from letrics.engines.base import (
    Capabilities,
    EngineAway,
    SearchEngine,
    SearchResult,
    Unmatched,
    ValueCount,
    Window,
    count_lacking,
)
from letrics.store.base import Position
from tests.matrix.engines import ENGINES

METHODS = {name: value for name, value in vars(SearchEngine).items() if inspect.isfunction(value) and name[0] != "_"}


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> SearchEngine:
    return ENGINES[request.param](tmp_path, 1000).engine


@pytest.mark.parametrize("name", METHODS)
def test_engine_has_each_method_of_the_interface(name: str, engine: SearchEngine) -> None:
    method, expected = getattr(type(engine), name), METHODS[name]
    assert inspect.iscoroutinefunction(method) is inspect.iscoroutinefunction(expected)
    assert list(inspect.signature(method).parameters) == list(inspect.signature(expected).parameters)


def test_interface_documents_each_method() -> None:
    assert set(METHODS) == {"search", "values", "position", "close"}
    assert all(method.__doc__ for method in METHODS.values())


def test_engine_declares_its_capabilities(engine: SearchEngine) -> None:
    assert isinstance(engine.capabilities, Capabilities)


def test_engine_away_says_when_to_try_again() -> None:
    assert EngineAway().retry_after == 5
    error = EngineAway("no route to host", retry_after=30)
    assert (str(error), error.retry_after) == ("no route to host", 30)


def test_window_is_by_default_the_first_page() -> None:
    assert Window() == Window(order="oldest", offset=0, after=None, size=25)


def test_results_compare_without_their_position() -> None:
    hits = SearchResult(2, [0, 1], False, Position("log", 1, "batch"))
    assert hits == SearchResult(2, [0, 1], False)
    assert hits != SearchResult(2, [1, 0], False) and hits != SearchResult(2, [0, 1], True)
    assert hits != SearchResult(3, [0, 1], False)


@pytest.mark.parametrize(
    "value",
    [Window(), SearchResult(0, [], False), Capabilities(True, True, True), Unmatched("f", "v", ()), ValueCount("v", 1)],
)
def test_values_of_the_interface_are_frozen(value: object) -> None:
    name = next(iter(type(value).__dataclass_fields__))  # type: ignore[attr-defined]
    with pytest.raises(FrozenInstanceError):
        setattr(value, name, None)


@pytest.mark.parametrize(
    ("indexed", "lacks"),
    [
        (Position("log", 5, "b"), 2),
        (Position("log", 7, "c"), 0),
        (Position("log", 7, "other"), None),
        (Position("log", 9, "d"), None),
        (Position("other", 5, "b"), None),
    ],
)
def test_count_lacking_is_none_for_an_index_of_another_log(indexed: Position, lacks: int | None) -> None:
    assert count_lacking(indexed, Position("log", 7, "c")) == lacks
