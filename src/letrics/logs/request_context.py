"""The request that the running code belongs to, for log lines and the security log."""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, Final


@dataclass(slots=True)
class RequestContext:
    """One request, or one run of a command, which has no id.

    Handlers add `details` for the event that the security log writes at the end. `is_event` is false if there was
    nothing to write, such as for the preview of an import.
    """

    request_id: str | None
    details: dict[str, Any] = field(default_factory=dict)
    is_event: bool = True


_current: Final[ContextVar[RequestContext | None]] = ContextVar("letrics_request", default=None)


def begin_request(request_id: str | None = None) -> RequestContext:
    """Make a request the current one of this task and of the threads that it starts by `asyncio.to_thread`."""
    made = RequestContext(request_id)
    _current.set(made)
    return made


def current_request_id() -> str | None:
    """The id of the current request; None outside requests."""
    found = _current.get()
    return None if found is None else found.request_id


def add_details(**details: Any) -> None:
    """Add facts to the security event of the current request or command, such as the number of a new token.

    Values are numbers, booleans, or short words of this program: never record data or secrets. Does nothing outside
    requests and commands.
    """
    found = _current.get()
    if found is not None:
        found.details.update(details)


def skip_event() -> None:
    """Have the current request or command leave no event in the security log: it changed nothing."""
    found = _current.get()
    if found is not None:
        found.is_event = False
