"""How long a request may wait for a database: its waits one after another have a limit together.

A request looks up its token, then perhaps a stored response, then documents. If each of them may wait as long, a client
learns only after the sum that the database is away.
"""

from __future__ import annotations

import time
from contextvars import ContextVar
from typing import Final

_LEAST_SECONDS: Final = 0.3
"""Seconds that each wait may take at least: a later one is not refused because an earlier one was slow."""
_LONG_SECONDS: Final = 2.5
"""Seconds after which a request is a long one, such as an export or an upload, whose waits have no common limit."""

_began: Final[ContextVar[float | None]] = ContextVar("request_began", default=None)


def begin_waiting() -> None:
    """Begin a request in this task, and in those that it starts."""
    _began.set(time.monotonic())


def waiting_time(seconds: float) -> float:
    """The seconds that a wait which may take `seconds` may take now."""
    began = _began.get()
    if began is None:
        return seconds
    passed = time.monotonic() - began
    return seconds if passed > _LONG_SECONDS else min(seconds, max(seconds - passed, _LEAST_SECONDS))
