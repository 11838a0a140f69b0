"""Rebuilder: rebuilds a large index in a separate process while this one keeps serving requests.

Merging ten million records takes half a minute and several gigabytes. In a server, that would delay requests, and the
memory would never be released. So another process loads the saved index, merges, and saves; servers then map the new
file. Only one process at a time does this, whichever starts it.
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

RETRY_SECONDS: Final = 30.0
"""Seconds after the end of a rebuild before the next one may start."""


class Rebuilder:
    """Runs `command`, which saves a rebuilt index at `snapshot`, and detects when a new file is there."""

    def __init__(self, command: list[str], snapshot: Path, retry_seconds: float = RETRY_SECONDS) -> None:
        self._command = command
        self._snapshot = snapshot
        self._process: subprocess.Popen[bytes] | None = None
        self._retry_seconds = retry_seconds
        self._ended = -retry_seconds
        self._seen = self._stamp()

    def _stamp(self) -> tuple[int, int]:
        """The identity of the file at the snapshot's path: inode and modification time."""
        try:
            found = self._snapshot.stat()
        except FileNotFoundError:
            return 0, 0
        return found.st_ino, found.st_mtime_ns

    def running(self) -> bool:
        """Whether the process started here is running. Logs a failure once it has ended."""
        if self._process is None:
            return False
        code = self._process.poll()
        if code is None:
            return True
        if code:
            _log.warning("rebuilding the index failed (exit code %d); trying again later", code)
        self._process, self._ended = None, time.monotonic()
        return False

    def start(self) -> None:
        """Start the process, unless it is running or ended recently."""
        if not self.running() and time.monotonic() - self._ended >= self._retry_seconds:
            _log.info("another process is rebuilding the index")
            self._process = subprocess.Popen(  # noqa: S603 (constant)
                self._command, stdin=subprocess.DEVNULL, cwd=NEUTRAL_DIRECTORY
            )

    def wait(self, stopping: Callable[[], bool]) -> None:
        """Wait for the process to end, or until `stopping`."""
        while self.running() and not stopping():
            time.sleep(0.1)

    def arrived(self) -> bool:
        """Whether the file at the snapshot's path has been replaced since the last call."""
        self.running()  # reaps an ended process
        stamp = self._stamp()
        replaced, self._seen = stamp != self._seen and stamp != (0, 0), stamp
        return replaced

    def stop(self) -> None:
        """Terminate the process. The old index stays."""
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()
            self._process.wait()


@contextmanager
def alone(snapshot: Path) -> Iterator[bool]:
    """Lock the snapshot against other processes until the end of the block. Yields whether the lock was acquired."""
    snapshot.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with snapshot.with_suffix(".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True
