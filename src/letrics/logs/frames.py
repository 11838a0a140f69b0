"""Tracebacks without messages: the message of an exception may contain a token or a value of a record."""

from __future__ import annotations

import traceback
from typing import Final

_SAFE: Final = (OSError, RuntimeError, ImportError, MemoryError)
"""Exceptions whose messages are shown: they name files, modules and states, not values."""
_MAX_MESSAGE: Final = 300
"""The most characters of a message that are shown."""


def describe_exception(error: BaseException) -> str:
    """The traceback of an exception and of its causes. Messages are shown only for the exceptions in `_SAFE`."""
    parts: list[str] = []
    seen: set[int] = set()
    found: BaseException | None = error
    while found is not None and id(found) not in seen:
        seen.add(id(found))
        lines = "".join(traceback.format_tb(found.__traceback__))
        parts.append(f"Traceback (most recent call last):\n{lines}{_name(found)}")
        found = found.__cause__ or (None if found.__suppress_context__ else found.__context__)
    return "\nafter ".join(parts)


def _name(error: BaseException) -> str:
    kind = type(error)
    name = kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"
    return f"{name}: {str(error)[:_MAX_MESSAGE]}" if isinstance(error, _SAFE) else name
