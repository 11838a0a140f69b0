"""How fast heavy queries progress: seconds of processor time in each second of the clock.

Light requests, exports and other programs take the rest, so that a backlog of one second can take several.
"""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter
from typing import Final

SAMPLE_SECONDS: Final = 0.1
"""The minimum time of one sample."""
WEIGHT: Final = 0.3
"""The weight of the latest sample (exponential moving average)."""
FORGET_SECONDS: Final = 1.0
"""Without heavy queries for this time, the rate is that of an idle server again."""
MIN_RATE: Final = 0.02
"""The minimum of the rate."""


class HeavyRate:
    """The rate of one server process. `clock` returns seconds."""

    def __init__(self, clock: Callable[[], float] = perf_counter) -> None:
        self.value = 1.0
        self._clock = clock
        self._since = self._last = clock()
        self._done = 0.0

    def begin(self) -> None:
        """A heavy query begins while there is no other."""
        now = self._clock()
        if now - self._last > FORGET_SECONDS:
            self.value = 1.0
        self._since, self._done = now, 0.0

    def add(self, seconds: float) -> None:
        """A heavy query has run for this processor time."""
        self._done += seconds
        self._last = now = self._clock()
        elapsed = now - self._since
        if elapsed >= SAMPLE_SECONDS:
            self.value = max(MIN_RATE, self.value + WEIGHT * (min(1.0, self._done / elapsed) - self.value))
            self._since, self._done = now, 0.0
