"""Several server processes forked from one, so that they share what it has loaded: watched, restarted, stopped."""

from __future__ import annotations

import contextlib
import logging
import os
import signal
import sys
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

_log: Final = logging.getLogger("letrics.workers")
_WATCHED: Final = (signal.SIGTERM, signal.SIGINT, signal.SIGCHLD)
_STOP_SECONDS: Final = 20.0
_MAX_WAIT: Final = 10.0
_SOUND_AFTER: Final = 10.0


@dataclass(slots=True)
class _Worker:
    number: int
    pid: int = 0
    started: float = 0.0
    failures: int = 0
    due: float = 0.0


class Workers:
    """`count` processes, each running `work(lifeline, started)`: it calls `started` once it serves, and serves until
    SIGTERM, or until the pipe `lifeline` is closed, which happens when this process is gone however it went.

    `ready` is called once, when as many have started as there shall be.
    """

    def __init__(
        self, count: int, work: Callable[[int, Callable[[], None]], None], ready: Callable[[], None] = lambda: None
    ) -> None:
        self._workers = [_Worker(number) for number in range(1, count + 1)]
        self._work = work
        self._ready: Callable[[], None] | None = ready
        self._waiting = count
        self._lifeline, self._held = os.pipe()
        self._heard, self._said = os.pipe()
        os.set_blocking(self._heard, False)

    def run(self) -> bool:
        """Run until SIGTERM or SIGINT and all processes have ended; returns whether it was SIGINT.

        One that dies is started again, at once the first time and then after ever longer waits of at most 10 s.
        """
        before = signal.pthread_sigmask(signal.SIG_BLOCK, _WATCHED)
        try:
            while True:
                now = time.monotonic()
                for worker in self._workers:
                    if not worker.pid and worker.due <= now:
                        self._fork(worker, before)
                waits = [max(0.01, worker.due - now) for worker in self._workers if not worker.pid]
                got = signal.sigtimedwait(_WATCHED, min(waits, default=0.05 if self._ready else 1.0))
                if got is not None and got.si_signo != signal.SIGCHLD:
                    self._stop()
                    return got.si_signo == signal.SIGINT
                self._reap()
                self._hear()
        finally:
            for end in (self._held, self._lifeline, self._heard, self._said):
                os.close(end)
            signal.pthread_sigmask(signal.SIG_SETMASK, before)

    def _fork(self, worker: _Worker, mask: set[int | signal.Signals]) -> None:
        sys.stdout.flush()
        sys.stderr.flush()
        pid = os.fork()
        if pid:
            worker.pid, worker.started = pid, time.monotonic()
            return
        code = 1
        try:
            os.close(self._held)
            signal.pthread_sigmask(signal.SIG_SETMASK, mask)
            self._work(self._lifeline, self._say)
            code = 0
        except SystemExit as left:
            code = left.code if isinstance(left.code, int) else 1
        except BaseException:
            traceback.print_exc()
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)  # nothing of the parent's (its exit handlers, its open files) is the child's to end

    def _say(self) -> None:
        os.write(self._said, b".")

    def _hear(self) -> None:
        with contextlib.suppress(BlockingIOError):
            self._waiting -= len(os.read(self._heard, 1024))
        if self._waiting <= 0 and self._ready is not None:
            self._ready()
            self._ready = None

    def _reap(self) -> None:
        now = time.monotonic()
        for worker in self._workers:
            if worker.pid and os.waitpid(worker.pid, os.WNOHANG)[0]:
                worker.failures = 0 if now - worker.started > _SOUND_AFTER else worker.failures + 1
                wait = min(_MAX_WAIT, 0.5 * 2 ** (worker.failures - 1)) if worker.failures > 1 else 0.0
                _log.error("server process %d (pid %d) died: starting another", worker.number, worker.pid)
                worker.pid, worker.due = 0, now + wait

    def _stop(self) -> None:
        """End all processes, in order; those that do not within 20 s, or when asked twice, at once."""
        alive = {worker.pid for worker in self._workers if worker.pid}
        for pid in alive:
            _send(pid, signal.SIGTERM)
        deadline = time.monotonic() + _STOP_SECONDS
        while alive:
            alive = {pid for pid in alive if not os.waitpid(pid, os.WNOHANG)[0]}
            if not alive:
                return
            got = signal.sigtimedwait(_WATCHED, 0.2)
            if time.monotonic() > deadline or (got is not None and got.si_signo != signal.SIGCHLD):
                for pid in alive:
                    _send(pid, signal.SIGKILL)


def _send(pid: int, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, number)
