"""The log line of a request: what was asked of which route, by whom, and how it ended.

It has the template of the route, not the path: ids of records are in paths, and filters in query strings.
"""

from __future__ import annotations

import logging
from typing import Final

from letrics.api.call import Call
from letrics.logs.log_setup import REQUESTS

_log: Final = logging.getLogger(REQUESTS)
_MAX_METHOD: Final = 20
"""The most characters of a method that are shown: a client chooses it."""


def log_request(call: Call, status: int, seconds: float) -> None:
    """Log a request that has ended, if the setting `log_requests` is on."""
    if not _log.isEnabledFor(logging.INFO):
        return
    client = call.scope.get("client")
    facts = {
        "method": call.method[:_MAX_METHOD],
        "route": call.route,
        "status": status,
        "ms": round(seconds * 1000, 2),
        "client": client[0] if client else None,
        "user": None if call.principal is None else call.principal.user_id,
        "token": None if call.principal is None else call.principal.token_id,
    }
    _log.info("request", extra={"facts": facts, "request_id": call.request_id})
