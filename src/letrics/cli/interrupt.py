"""Handling of Ctrl-C during an import: a batch that is being written is completed first."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable
from types import FrameType
from typing import Any, TypeVar

Result = TypeVar("Result")


class Shield:
    """Context manager that delays Ctrl-C while a batch is written.

    The first interrupt during `hold` waits until `release`. An interrupt at another time, and a second one, is raised
    at once.
    """

    def __init__(self) -> None:
        self._holding = False
        self._waiting = False
        self._before: Any = None

    def __enter__(self) -> Shield:
        if threading.current_thread() is threading.main_thread():
            self._before = signal.signal(signal.SIGINT, self._interrupted)
        return self

    def __exit__(self, *_: object) -> None:
        if self._before is not None:
            signal.signal(signal.SIGINT, self._before)

    def hold(self, work: Callable[[], Result]) -> Result:
        """Run `work` and delay an interrupt. The caller calls `release` after it has stored the result."""
        self._holding = True
        try:
            result = work()
        finally:
            self._holding = False
        return result

    def release(self) -> None:
        """Raise the delayed interrupt, if there is one."""
        if self._waiting:
            self._waiting = False
            raise KeyboardInterrupt

    def _interrupted(self, _: int, __: FrameType | None) -> None:
        if self._holding and not self._waiting:
            self._waiting = True
            return
        raise KeyboardInterrupt
