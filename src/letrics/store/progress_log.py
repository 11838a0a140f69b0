"""Log lines about the progress of long work, for example of a migration that reads all records."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import Final

SECONDS: Final = 2.0
"""The minimum time between two lines, in seconds."""


class ProgressLog:
    """Logs how far the work `text` is, on the way to `total`. Short work logs nothing. `clock` returns seconds."""

    def __init__(self, log: logging.Logger, text: str, total: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._log = log
        self._text = text
        self._total = total
        self._clock = clock
        self._last = clock()

    def show(self, done: int) -> None:
        """Log a line, unless there was one in the last seconds."""
        moment = self._clock()
        if moment - self._last >= SECONDS:
            self._last = moment
            self._log.info(
                "%s: %d %%, %s of %s", self._text, 100 * done // self._total, f"{done:,}", f"{self._total:,}"
            )
