"""The two forms of log lines: text for people, and JSON Lines for programs that collect logs.

Both leave out messages of exceptions that may contain values, and secrets in messages. A record may have further facts
as `extra={"facts": {...}}`: fields of the JSON object, `name=value` at the end of a text line.
"""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from types import TracebackType
from typing import Any

import msgspec

from letrics.logs.frames import describe_exception
from letrics.logs.redaction import redact
from letrics.logs.request_context import current_request_id

_ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class TextFormatter(logging.Formatter):
    """Lines of text: time, level, logger and message, then the id of the request. Tracebacks follow on more lines."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")

    def formatMessage(self, record: logging.LogRecord) -> str:
        line = redact(super().formatMessage(record))
        request = _request_of(record)
        if request is not None and request not in line:
            line += f" request={request}"
        return line + "".join(f" {name}={value}" for name, value in _facts(record).items())

    def formatException(self, ei: _ExcInfo) -> str:
        return "" if ei[1] is None else describe_exception(ei[1])


class JsonFormatter(logging.Formatter):
    """One JSON object a line: `time` (UTC), `level`, `logger`, `message`, `process`, and for code that serves a
    request, `request_id`. `error` is the traceback of an exception."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": utc_time(record.created),
            "level": record.levelname,
            "logger": record.name,
            "message": redact(record.getMessage()),
            "process": record.process,
        }
        request = _request_of(record)
        if request is not None:
            line["request_id"] = request
        line.update(_facts(record))
        if record.exc_info and record.exc_info[1] is not None:
            line["error"] = describe_exception(record.exc_info[1])
        return msgspec.json.encode(line, enc_hook=str).decode()


def utc_time(seconds: float) -> str:
    """A time in seconds since 1970 as `2026-01-31T09:30:00.000Z`."""
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _request_of(record: logging.LogRecord) -> str | None:
    given: str | None = getattr(record, "request_id", None)
    return given or current_request_id()


def _facts(record: logging.LogRecord) -> dict[str, Any]:
    facts: dict[str, Any] = getattr(record, "facts", {})
    return facts
