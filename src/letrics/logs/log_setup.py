"""Sends the log of a server process to standard error, in the chosen form.

Everything that this process and its libraries report goes the same way: uvicorn, warnings of Python, and exceptions
that nothing caught, in any thread.
"""

from __future__ import annotations

import logging
import sys
import threading
from types import TracebackType
from typing import Final

from letrics.logs.formatters import JsonFormatter, TextFormatter

REQUESTS: Final = "letrics.request"
"""The logger of requests: one line each."""

_log: Final = logging.getLogger("letrics.crash")


def set_up_logs(level: str, format: str, *, requests: bool = False) -> None:
    """Log to standard error from now on. `requests` turns on the lines of requests, whatever the `level`.

    Where the log goes somewhere already, as in a test, only the levels change.
    """
    # Suppress uvicorn's warnings: it logs one for every malformed request, and any client can send those.
    logging.getLogger("uvicorn").setLevel(logging.ERROR)
    logging.getLogger(REQUESTS).setLevel(logging.INFO if requests else logging.CRITICAL)
    if logging.getLogger().handlers:
        return
    handler = logging.StreamHandler()
    handler.setFormatter(JsonFormatter() if format == "json" else TextFormatter())
    logging.basicConfig(level=level.upper(), handlers=[handler])
    logging.captureWarnings(True)
    sys.excepthook = _log_uncaught
    threading.excepthook = _log_uncaught_in_thread
    sys.unraisablehook = _log_unraisable


def _log_uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error, trace)
        return
    _log.critical("the process ends by an error", exc_info=error)


def _log_uncaught_in_thread(caught: threading.ExceptHookArgs) -> None:
    if caught.exc_value is not None:
        name = caught.thread.name if caught.thread is not None else "unknown"
        _log.error("the thread %s ended by an error", name, exc_info=caught.exc_value)


def _log_unraisable(caught: sys.UnraisableHookArgs) -> None:
    if caught.exc_value is not None:
        _log.error("an error could not be raised", exc_info=caught.exc_value)
