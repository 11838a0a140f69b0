"""Whatever is raised while a request is answered, as the one kind of failure that the envelope knows."""

from __future__ import annotations

import logging
import traceback
from typing import Final

from starlette.exceptions import HTTPException

from letrics.api.call import Call
from letrics.engines.base import EngineLoading, OutOfTime
from letrics.errors import INTERNAL_ERROR, TABLE, UNAVAILABLE, LetricsError, problem
from letrics.store.base import StoreAway

_log: Final = logging.getLogger("letrics.api")
_KINDS: Final = {kind.code: kind for kind in TABLE}


def as_failure(error: Exception, call: Call) -> LetricsError:
    """The failure to tell the caller of. What is a bug, or a fault of the database, is logged."""
    match error:
        case LetricsError():
            return error
        case EngineLoading():
            return problem(UNAVAILABLE, "The index is loading: come back in a moment", Retry_After="2")
        case OutOfTime():
            details = "The query exceeded its time budget: narrow it with more or fewer values, or come back later"
            return problem(UNAVAILABLE, details, Retry_After="5")
        case StoreAway():
            _log.error("the database is away (request %s): %s", call.request_id, error)
            return problem(UNAVAILABLE, "The database cannot be reached: come back in a moment", Retry_After="5")
        case HTTPException() if error.status_code in _KINDS:
            return LetricsError(_KINDS[error.status_code], [(error.detail, None)], error.headers)
        case _:
            _log.error("bug at %s %s, request %s\n%s", call.method, call.route, call.request_id, _frames(error))
            return problem(INTERNAL_ERROR, f"A bug on our side: report it with the request id {call.request_id}")


def _frames(error: BaseException) -> str:
    """Where it was raised, with its causes; without their words, in which a token or a value could stand."""
    told = f"{type(error).__module__}.{type(error).__qualname__}\n" + "".join(traceback.format_tb(error.__traceback__))
    cause = error.__cause__ or error.__context__
    return told if cause is None else f"{told}after {_frames(cause)}"
