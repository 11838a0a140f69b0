"""Converts exceptions raised while a request is handled into a `LetricsError`."""

from __future__ import annotations

import logging
import traceback
from typing import Final

from starlette.exceptions import HTTPException

from letrics.api.call import Call
from letrics.engines.base import EngineAway, EngineBroken, EngineLoading, OutOfTime
from letrics.errors import INTERNAL_ERROR, TABLE, UNAVAILABLE, LetricsError, problem
from letrics.store.base import StoreAway, StoreCorrupt, StoreDamaged

_log: Final = logging.getLogger("letrics.api")
_KINDS: Final = {kind.code: kind for kind in TABLE}
_CHECK: Final = "run `letrics check` on the server, which lists all damage"
"""What the caller is asked to have done about damage. A retry does not help."""


def as_failure(error: Exception, call: Call) -> LetricsError:
    """The failure to report to the caller. Bugs and database faults are logged."""
    match error:
        case LetricsError():
            return error
        case EngineLoading():
            return problem(UNAVAILABLE, "The index is loading: retry in a moment", Retry_After="2")
        case OutOfTime():
            details = "The query exceeded its time budget: add filters, send fewer values, or retry later"
            return problem(UNAVAILABLE, details, Retry_After="5")
        case EngineAway():
            _log.error("the search engine is unavailable (request %s): %s", call.request_id, error)
            details = f"The search engine is unavailable: {error.reason or 'retry in a moment'}"
            return problem(UNAVAILABLE, details, Retry_After=str(error.retry_after))
        case EngineBroken():
            return problem(INTERNAL_ERROR, f"The index cannot be loaded ({error}): {_suspicion(call)}")
        case StoreDamaged() | StoreCorrupt():
            _log.error("the database is damaged (request %s): %s", call.request_id, error)
            what = f"The table {error.table} of the database" if isinstance(error, StoreDamaged) else "The database"
            fix = f"{_CHECK}, then restore a backup or repair it (request id {call.request_id})"
            return problem(INTERNAL_ERROR, f"{what} is damaged: {fix}")
        case StoreAway():
            _log.error("the database is unavailable (request %s): %s", call.request_id, error)
            return problem(UNAVAILABLE, "The database is unavailable: retry in a moment", Retry_After="2")
        case HTTPException() if error.status_code in _KINDS:
            return LetricsError(_KINDS[error.status_code], [(error.detail, None)], error.headers)
        case _ if _is_of_store(error):
            words = "unexpected error of the database at %s %s, request %s: run `letrics check`\n%s"
            _log.error(words, call.method, call.route, call.request_id, _frames(error))
            return problem(INTERNAL_ERROR, f"The database may be damaged: {_suspicion(call)}")
        case _:
            _log.error("bug at %s %s, request %s\n%s", call.method, call.route, call.request_id, _frames(error))
            return problem(INTERNAL_ERROR, f"A bug in the server: report it with the request id {call.request_id}")


def _suspicion(call: Call) -> str:
    """What to do about an error that damage or a bug explains."""
    return (
        f"{_CHECK}. If it finds nothing, this is a bug in the server: report it with the request id {call.request_id}"
    )


def _is_of_store(error: BaseException) -> bool:
    """Whether the code that reads and writes databases raised an exception. A row that is not what was written may
    raise any; whether it is one cannot be found out within the time of a request."""
    return any(
        frame.f_globals.get("__name__", "").startswith("letrics.store.")
        for frame, _ in traceback.walk_tb(error.__traceback__)
    )


def _frames(error: BaseException) -> str:
    """The traceback of an exception and its causes, without messages: they could contain a token or a value."""
    name = f"{type(error).__module__}.{type(error).__qualname__}"
    trace = f"{name}\n" + "".join(traceback.format_tb(error.__traceback__))
    cause = error.__cause__ or error.__context__
    return trace if cause is None else f"{trace}after {_frames(cause)}"
