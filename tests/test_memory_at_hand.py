"""Memory that a server takes for its index after its start, and what it does when it has taken over another one."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from letrics import app
from letrics.memory import HELD, at_hand
from letrics.settings import Home


class _Engine:
    def __init__(self) -> None:
        self.is_ready = False
        self.base = 7

    def ready(self) -> bool:
        return self.is_ready

    def base_seq(self) -> int:
        return self.base


def test_memory_is_taken_once_it_answers_and_again_only_where_much_was_given_back(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    held: list[int] = []
    left: list[int] = []
    given_back = False

    def hold(size: int) -> Iterator[None]:
        if size > 0:
            held.append(size)
        yield

    def trim(most: int) -> bool:
        left.append(most)
        return given_back

    monkeypatch.setattr(app, "hold_in_steps", hold)
    monkeypatch.setattr(app, "trim_memory", trim)
    monkeypatch.setattr(app, "_SETTLED_SECONDS", 0.0)
    index_bytes = 100 << 30
    monkeypatch.setattr(app, "_index_bytes", lambda home: index_bytes)
    engine: Any = _Engine()

    async def told(times_held: int, times_left: int) -> bool:
        """Whether soon it has been held and looked for so often."""
        for _ in range(500):
            await asyncio.sleep(0.01)
            if (len(held), len(left)) == (times_held, times_left):
                return True
        return False

    async def live() -> None:
        nonlocal given_back, index_bytes
        beside = asyncio.create_task(app._hold_more(engine, Home(tmp_path), 1 << 20))
        assert await told(0, 0)
        engine.is_ready = True
        assert await told(1, 0)
        engine.base = 8
        assert await told(1, 1)
        given_back, engine.base = True, 9
        assert await told(2, 2)
        index_bytes, given_back, engine.base = 1 << 20, False, 10
        assert await told(2, 3)
        beside.cancel()

    async def grow() -> None:
        nonlocal index_bytes
        beside = asyncio.create_task(app._hold_more(engine, Home(tmp_path), 1 << 20))
        for times, size in ((1, 1 << 20), (2, 100 << 30)):
            index_bytes, engine.base = size, times
            assert await told(times, times - 1)
        beside.cancel()

    asyncio.run(live())
    assert held == [at_hand(100 << 30, 1 << 20)] * 2 == [HELD + (1 << 20)] * 2
    assert left[0] == left[1] > held[0]
    held.clear()
    left.clear()
    asyncio.run(grow())
    assert held == [at_hand(1 << 20, 1 << 20), HELD + (1 << 20) - at_hand(1 << 20, 1 << 20)]


def test_memory_is_taken_though_no_template_compiles(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    held: list[int] = []

    def hold(size: int) -> Iterator[None]:
        held.append(size)
        yield

    def broken() -> None:
        raise OSError("no such template")

    monkeypatch.setattr(app, "hold_in_steps", hold)
    monkeypatch.setattr(app, "prepare_pages", broken)
    engine: Any = _Engine()
    engine.is_ready = True

    async def live() -> None:
        beside = asyncio.create_task(app._prepare(engine, Home(tmp_path), 1 << 20))
        for _ in range(1000):
            await asyncio.sleep(0.01)
            if held or beside.done():
                break
        beside.cancel()

    asyncio.run(live())
    assert held and "no such template" in caplog.text
