"""Reserves memory for the index of a server, and returns the memory of a replaced index to the system."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from typing import Final, Protocol

from letrics.memory import at_hand, hold_in_steps, trim_memory

_MORE_BYTES: Final = 192 << 20
"""The free bytes beyond the reserve that a released index may leave. Returning them to the system blocks requests."""

_STEP_SECONDS: Final = 0.002
"""Seconds between two steps of reserving memory, in which requests are served."""


class LoadedIndex(Protocol):
    """What is known about the index that an engine has loaded."""

    def ready(self) -> bool: ...

    def base_seq(self) -> int: ...


class IndexMemory:
    """The memory that a server process reserves for its index.

    `index_bytes` returns the size of the saved index, of which up to `cache_bytes` are cached. `check_seconds` is the
    time between two checks of whether the engine has loaded another index. `hold` and `trim` are `hold_in_steps` and
    `trim_memory` of `letrics.memory`.
    """

    def __init__(
        self, engine: LoadedIndex, index_bytes: Callable[[], int], cache_bytes: int, *, check_seconds: float = 1.0,
        hold: Callable[[int], Iterator[None]] = hold_in_steps, trim: Callable[[int], bool] = trim_memory,
    ) -> None:  # fmt: skip
        self._engine = engine
        self._index_bytes = index_bytes
        self._cache_bytes = cache_bytes
        self._check_seconds = check_seconds
        self._hold = hold
        self._trim = trim

    async def follow(self) -> None:
        """Reserve memory, in steps, once the engine is ready. Runs until it is cancelled.

        When the engine has replaced its index, the memory of the old one is free again. If that is much more than the
        reserve, it is returned to the system.
        """
        base, held = -1, 0
        while True:
            await asyncio.sleep(self._check_seconds)
            if not self._engine.ready() or self._engine.base_seq() == base:
                continue
            size, first, base = at_hand(self._index_bytes(), self._cache_bytes), base < 0, self._engine.base_seq()
            if not first and self._trim(size + _MORE_BYTES):
                held = 0
            for _ in self._hold(size - held):
                await asyncio.sleep(_STEP_SECONDS)
            held = max(held, size)
