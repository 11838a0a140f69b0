"""Server processes: started together, restarted when they die, and stopped together."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import pytest

PROGRAM: Final = """
import os, select, signal, sys
from letrics.api.workers import Workers

def say(text):
    os.write(1, f"{text}\\n".encode())  # in one write, as other processes write to the same pipe

def work(lifeline, started, any_started):
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    if sys.argv[1] != "-" and not os.path.exists(sys.argv[1]):
        open(sys.argv[1], "w").close()
        os._exit(7)
    say("work")
    started()
    assert any_started()
    select.select([lifeline], [], [])  # readable when the parent process has ended
    say("orphan")

say("interrupted" if Workers(2, work, lambda: say("ready")).run() else "stopped")
"""
"""Two processes that wait. With the path of a file that does not exist, the first one creates it and dies."""


@contextmanager
def group(path: object = "-") -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen([sys.executable, "-c", PROGRAM, str(path)], stdout=subprocess.PIPE, text=True)
    with process:
        try:
            yield process
        finally:
            process.kill()


def lines(process: subprocess.Popen[str], count: int) -> list[str]:
    assert process.stdout is not None
    return [process.stdout.readline().strip() for _ in range(count)]


@pytest.mark.parametrize(("stop", "said"), [(signal.SIGTERM, "stopped"), (signal.SIGINT, "interrupted")])
def test_run_is_ready_once_and_stops_at_a_signal(stop: signal.Signals, said: str) -> None:
    with group() as process:
        assert lines(process, 3) == ["work", "work", "ready"]
        process.send_signal(stop)
        assert lines(process, 2) == [said, ""]
        assert process.wait(30) == 0


def test_run_restarts_a_process_that_dies(tmp_path: Path) -> None:
    with group(tmp_path / "died") as process:
        assert lines(process, 3) == ["work", "work", "ready"]
        assert (tmp_path / "died").exists()
        process.send_signal(signal.SIGTERM)
        assert lines(process, 2) == ["stopped", ""]


def test_run_killed_parent_ends_the_processes() -> None:
    with group() as process:
        lines(process, 3)
        process.kill()
        assert lines(process, 3) == ["orphan", "orphan", ""]
