"""The composition root: what is done in which process, and in the background."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from letrics.app import prepare
from letrics.index_memory import IndexMemory

SERVE = """
import os, signal, sys
from pathlib import Path
from letrics.app import serve
from letrics.settings import Home, Settings
from letrics.web.templates import environment

def report():
    print("compiled" if {name for _, name in environment().cache} == set(environment().list_templates()) else "missing")

os.register_at_fork(before=report)
serve(Home(Path(sys.argv[1])), Settings(port=0, workers=2), lambda url: os.kill(os.getpid(), signal.SIGTERM))
"""
"""Serves with two processes until both are ready, and reports before each fork whether all templates are compiled."""


def test_serve_compiles_templates_before_forking(tmp_path: Path) -> None:
    command = [sys.executable, "-c", SERVE, str(tmp_path / "home")]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.split() == ["compiled", "compiled"], done.stderr


class ReadyEngine:
    def ready(self) -> bool:
        return True

    def base_seq(self) -> int:
        return 7


def test_prepare_reserves_memory_though_no_template_compiles(caplog: pytest.LogCaptureFixture) -> None:
    held: list[int] = []

    def hold(size: int) -> Iterator[None]:
        held.append(size)
        yield

    def broken() -> None:
        raise OSError("no such template")

    memory = IndexMemory(ReadyEngine(), lambda: 1 << 30, 1 << 20, check_seconds=0.0, hold=hold)

    async def live() -> None:
        preparing = asyncio.create_task(prepare(broken, memory))
        for _ in range(1000):
            await asyncio.sleep(0.01)
            if held or preparing.done():
                break
        preparing.cancel()

    asyncio.run(live())
    assert held and "no such template" in caplog.text
