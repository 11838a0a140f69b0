"""The security log: who did what, when, from where, and with which result, as JSON Lines.

It has numbers of users, tokens, imports and records, and the email addresses of users where users are changed. It has
no data of records, no ids of records (an id may be an email address), no passwords and no tokens. Events that anyone
can cause without signing in are limited: beyond `MAX_ALIKE` alike in a minute they are only counted.
"""

from __future__ import annotations

import logging
import os
import socket
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, Literal, Protocol

import msgspec

from letrics.logs.formatters import utc_time
from letrics.logs.security_file import SecurityFile

Result = Literal["ok", "refused", "failed", "throttled"]
"""How an action ended: done, not allowed or wrong proof, an error, too many attempts."""
FILE_NAME: Final = "security.log"
LOGGER: Final = "letrics.security"
"""The logger of security events where they go to the log."""

MAX_ALIKE: Final = 10
"""The most events with one name, result and address in a minute of which each gets a line."""
_PERIOD_SECONDS: Final = 60.0
"""The seconds after which events alike get lines again."""
_MAX_KEYS: Final = 10_000
"""The most addresses that are counted separately in one period. Those of further ones are counted together."""

_log: Final = logging.getLogger("letrics.app")


class Sink(Protocol):
    """Where lines go."""

    def append(self, line: bytes) -> None:
        """Append one line, which ends with a newline. Raises OSError."""
        ...


class SecurityLog:
    """Writes events. An event that cannot be written is reported in the log, and the action goes on.

    `clock` is the time in seconds since 1970, `steady` a monotonic clock in seconds.
    """

    def __init__(
        self, sink: Sink | None, clock: Callable[[], float] = time.time, steady: Callable[[], float] = time.monotonic
    ) -> None:
        self._sink = sink
        self._clock = clock
        self._steady = steady
        self._host = socket.gethostname()
        self._lock = threading.Lock()
        self._counts: dict[tuple[str, str, str | None], int] = {}
        self._period_ends = float("-inf")
        self._failures = 0

    @property
    def failures(self) -> int:
        """The number of events that could not be written."""
        return self._failures

    def write(
        self, event: str, result: Result = "ok", *, user: int | None = None, address: str | None = None,
        limited: bool = False, **facts: Any,
    ) -> None:  # fmt: skip
        """Write one event of `user`, from `address`. Facts that are None are left out.

        `limited` is for events that anyone can cause.
        """
        if self._sink is None or (limited and not self._is_admitted(event, result, address)):
            return
        self._append({"event": event, "result": result, "user": user, "address": address} | facts)

    def flush(self) -> None:
        """Write how many events were only counted, if a period has ended. Call it now and then."""
        with self._lock:
            if self._steady() < self._period_ends:
                return
            counts, self._counts = self._counts, {}
            self._period_ends = self._steady() + _PERIOD_SECONDS
        for (event, result, address), count in counts.items():
            if count > MAX_ALIKE:
                self._append({"event": event, "result": result, "address": address, "more": count - MAX_ALIKE})

    def _is_admitted(self, event: str, result: str, address: str | None) -> bool:
        self.flush()
        with self._lock:
            key = (event, result, address)
            if key not in self._counts and len(self._counts) >= _MAX_KEYS:
                key = (event, result, None)
            self._counts[key] = self._counts.get(key, 0) + 1
            return self._counts[key] <= MAX_ALIKE

    def _append(self, facts: dict[str, Any]) -> None:
        assert self._sink is not None
        known = {name: value for name, value in facts.items() if value is not None}
        line = {"time": utc_time(self._clock()), **known, "host": self._host, "process": os.getpid()}
        try:
            self._sink.append(msgspec.json.encode(line, enc_hook=str) + b"\n")
        except OSError as error:
            self._failures += 1
            _log.error("the security event %s could not be written: %s", facts["event"], error)


class LogSink:
    """Writes events as lines of the log, for hosts that collect standard error."""

    def __init__(self) -> None:
        self._logger = logging.getLogger(LOGGER)
        self._logger.setLevel(logging.INFO)  # whatever the level of other messages

    def append(self, line: bytes) -> None:
        """See Sink."""
        if self._logger.hasHandlers():
            self._logger.info("security event", extra={"facts": msgspec.json.decode(line)})
        else:  # a command, which has no log
            sys.stderr.buffer.write(line)
            sys.stderr.flush()


def open_security_log(home: Path, where: str, max_mb: int) -> SecurityLog:
    """The security log of the settings `security_log` and `security_log_mb`."""
    match where:
        case "file":
            return SecurityLog(SecurityFile(home / FILE_NAME, max_mb * 1_000_000))
        case "stderr":
            return SecurityLog(LogSink())
        case _:
            return SecurityLog(None)
