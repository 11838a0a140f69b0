"""Converts exceptions raised while a request is handled into a `LetricsError`."""

from __future__ import annotations

import logging
import traceback
from typing import Final

from starlette.exceptions import HTTPException

from letrics.api.call import Call
from letrics.engines.base import EngineAway, EngineLoading, OutOfTime
from letrics.errors import INTERNAL_ERROR, TABLE, UNAVAILABLE, LetricsError, problem
from letrics.store.base import StoreAway, StoreDamaged

_log: Final = logging.getLogger("letrics.api")
_KINDS: Final = {kind.code: kind for kind in TABLE}


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
            details = "The search engine is unavailable: retry in a moment"
            return problem(UNAVAILABLE, details, Retry_After=str(error.retry_after))
        case StoreDamaged():
            _log.error("the database is damaged (request %s): %s", call.request_id, error)
            details = f"The table {error.table} of the database is damaged: run `letrics check` on the server"
            return problem(INTERNAL_ERROR, details)
        case StoreAway():
            _log.error("the database is unavailable (request %s): %s", call.request_id, error)
            return problem(UNAVAILABLE, "The database is unavailable: retry in a moment", Retry_After="2")
        case HTTPException() if error.status_code in _KINDS:
            return LetricsError(_KINDS[error.status_code], [(error.detail, None)], error.headers)
        case _:
            _log.error("bug at %s %s, request %s\n%s", call.method, call.route, call.request_id, _frames(error))
            return problem(INTERNAL_ERROR, f"A bug in the server: report it with the request id {call.request_id}")


def _frames(error: BaseException) -> str:
    """The traceback of an exception and its causes, without messages: they could contain a token or a value."""
    name = f"{type(error).__module__}.{type(error).__qualname__}"
    trace = f"{name}\n" + "".join(traceback.format_tb(error.__traceback__))
    cause = error.__cause__ or error.__context__
    return trace if cause is None else f"{trace}after {_frames(cause)}"
