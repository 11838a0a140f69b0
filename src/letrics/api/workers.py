"""Forks several server processes that share the memory of their parent, restarts those that die, and stops them."""

from __future__ import annotations

import contextlib
import logging
import mmap
import os
import signal
import sys
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Final

_log: Final = logging.getLogger("letrics.workers")
_WATCHED: Final = (signal.SIGTERM, signal.SIGINT, signal.SIGCHLD)
_STOP_SECONDS: Final = 20.0
"""Seconds that processes may take to stop before they are killed."""
_MAX_WAIT: Final = 10.0
"""The maximum delay before a process that died is restarted, in seconds."""
_SOUND_AFTER: Final = 10.0
"""A process that ran for longer than this, in seconds, started successfully: its count of failures is reset."""


@dataclass(slots=True)
class _Worker:
    number: int
    pid: int = 0
    started: float = 0.0
    failures: int = 0
    due: float = 0.0


class Workers:
    """A group of `count` processes that each run `work(lifeline, started, any_started)`.

    `work` calls `started` when it is ready. It serves until SIGTERM, or until the pipe `lifeline` is closed, which
    happens when this parent process ends in any way. `any_started` returns whether any of the running processes has
    called `started`. `ready` is called once, when all processes have started.
    """

    def __init__(
        self, count: int, work: Callable[[int, Callable[[], None], Callable[[], bool]], None],
        ready: Callable[[], None] = lambda: None,
    ) -> None:  # fmt: skip
        self._workers = [_Worker(number) for number in range(1, count + 1)]
        self._work = work
        self._ready: Callable[[], None] | None = ready
        self._lifeline, self._held = os.pipe()
        self._started = mmap.mmap(-1, count)
        """Memory shared by all processes: a byte for each, 1 once it has started. Only this process sets it back."""

    def run(self) -> bool:
        """Run until SIGTERM or SIGINT, and until all processes have ended. Returns whether the signal was SIGINT.

        A process that dies is restarted: the first time immediately, then with increasing delays of at most 10 s.
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
                if self._ready is not None and all(self._started[:]):
                    self._ready()
                    self._ready = None
        finally:
            for end in (self._held, self._lifeline):
                os.close(end)
            self._started.close()
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
            self._work(self._lifeline, partial(self._mark, worker, 1), lambda: any(self._started[:]))
            code = 0
        except SystemExit as left:
            code = left.code if isinstance(left.code, int) else 1
        except BaseException:
            traceback.print_exc()
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)  # skip the parent's exit handlers and open files

    def _mark(self, worker: _Worker, started: int) -> None:
        self._started[worker.number - 1] = started

    def _reap(self) -> None:
        now = time.monotonic()
        for worker in self._workers:
            if worker.pid and os.waitpid(worker.pid, os.WNOHANG)[0]:
                worker.failures = 0 if now - worker.started > _SOUND_AFTER else worker.failures + 1
                wait = min(_MAX_WAIT, 0.5 * 2 ** (worker.failures - 1)) if worker.failures > 1 else 0.0
                _log.error("server process %d (pid %d) died: restarting it", worker.number, worker.pid)
                worker.pid, worker.due = 0, now + wait
                self._mark(worker, 0)

    def _stop(self) -> None:
        """Stop all processes by SIGTERM. After 20 s, or at a second signal, kill those that are still running."""
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
