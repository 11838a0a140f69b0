"""A new base for a large index, made by a process of its own while this one goes on answering.

Merging ten million records takes half a minute and some gigabytes: in a server that would hold up requests and never
give back the memory. So another process loads the saved index, merges, and saves; whoever serves then maps the new
file. One process at a time does it, whoever starts it.
"""

from __future__ import annotations

import fcntl
import logging
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from letrics.child import NEUTRAL_DIRECTORY

_log = logging.getLogger("letrics.renewal")

_AGAIN: Final = 30.0
"""Seconds after a renewal before the next one may start."""


class Renewal:
    """Starts `command`, which is to save a new index at `snapshot`, and sees when a new one lies there."""

    def __init__(self, command: list[str], snapshot: Path) -> None:
        self._command = command
        self._snapshot = snapshot
        self._process: subprocess.Popen[bytes] | None = None
        self._ended = -_AGAIN
        self._seen = self._stamp()

    def _stamp(self) -> tuple[int, int]:
        try:
            found = self._snapshot.stat()
        except FileNotFoundError:
            return 0, 0
        return found.st_ino, found.st_mtime_ns

    def running(self) -> bool:
        """Whether this process's own renewal is under way; logs how it ended."""
        if self._process is None:
            return False
        code = self._process.poll()
        if code is None:
            return True
        if code:
            _log.warning("making a new index failed (exit code %d); trying again later", code)
        self._process, self._ended = None, time.monotonic()
        return False

    def start(self) -> None:
        """Start one, unless one runs or ended just now."""
        if not self.running() and time.monotonic() - self._ended >= _AGAIN:
            _log.info("a new index is being made by another process")
            self._process = subprocess.Popen(  # noqa: S603 (our own)
                self._command, stdin=subprocess.DEVNULL, cwd=NEUTRAL_DIRECTORY
            )

    def wait(self, stopping: Callable[[], bool]) -> None:
        """Wait for the one under way to end, or until `stopping`."""
        while self.running() and not stopping():
            time.sleep(0.1)

    def arrived(self) -> bool:
        """Whether another file lies at the snapshot's place than when last asked."""
        self.running()  # one that has ended is waited for, or it would stay among the system's processes
        now = self._stamp()
        found, self._seen = now != self._seen and now != (0, 0), now
        return found

    def stop(self) -> None:
        """End the one under way; the old index stays."""
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()
            self._process.wait()


@contextmanager
def alone(snapshot: Path) -> Iterator[bool]:
    """Whether no other process saves the snapshot until the end of the block."""
    snapshot.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with snapshot.with_suffix(".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True
