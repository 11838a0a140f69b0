"""Ctrl-C during an import: a batch that is being written is finished first."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable
from types import FrameType
from typing import Any, TypeVar

Result = TypeVar("Result")


class Shield:
    """While entered, an interrupt that comes inside `hold` waits for its end; any other, and the second one, is raised
    at once."""

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
        """Do `work`; the one who calls sees to `release` when its result is in safety."""
        self._holding = True
        try:
            result = work()
        finally:
            self._holding = False
        return result

    def release(self) -> None:
        """Raise the interrupt that has waited, if one has."""
        if self._waiting:
            self._waiting = False
            raise KeyboardInterrupt

    def _interrupted(self, _: int, __: FrameType | None) -> None:
        if self._holding and not self._waiting:
            self._waiting = True
            return
        raise KeyboardInterrupt
