"""The application's life: what runs alongside requests, and what is done at the end."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest

from letrics.api.application import Application
from letrics.api.metrics import Metrics


class LastUsed:
    def __init__(self, failure: Exception | None) -> None:
        self.failure = failure
        self.flushed = 0

    def flush(self) -> None:
        self.flushed += 1
        if self.failure is not None:
            raise self.failure


async def broken() -> None:
    raise OSError("no threads left")


def live(last_used: LastUsed, background: Any, caplog: pytest.LogCaptureFixture) -> tuple[list[str], str]:
    """Start and stop an application; returns what it did at the end, and what it had logged before."""
    done: list[str] = []
    logged = ""

    async def receive() -> dict[str, str]:
        nonlocal logged
        await asyncio.sleep(0.01)
        logged = caplog.text
        return {"type": "lifespan"}

    async def send(message: Any) -> None:
        done.append(message["type"])

    backends: Any = SimpleNamespace(last_used=last_used)
    table: Any = None
    app = Application(table, backends, Metrics(), background=background, on_stop=lambda: done.append("on_stop"))
    asyncio.run(app({"type": "lifespan"}, receive, send))
    return done, logged


DONE = ["lifespan.startup.complete", "on_stop", "lifespan.shutdown.complete"]


def test_failed_background_task_is_logged_at_once(caplog: pytest.LogCaptureFixture) -> None:
    _, logged = live(LastUsed(None), broken, caplog)
    assert "no threads left" in logged


def test_failed_background_task_leaves_shutdown_whole(caplog: pytest.LogCaptureFixture) -> None:
    last_used = LastUsed(None)
    done, _ = live(last_used, broken, caplog)
    assert done == DONE and last_used.flushed == 1


def test_failed_flush_at_shutdown_still_stops(caplog: pytest.LogCaptureFixture) -> None:
    done, _ = live(LastUsed(OSError("no disk")), None, caplog)
    assert done == DONE and "no disk" in caplog.text
