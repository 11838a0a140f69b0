"""Authentication by `Authorization: Bearer TOKEN` (RFC 6750, section 2.1), and the rate limit of each token."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from typing import Final

from letrics.accounts.authenticator import Authenticator
from letrics.accounts.principal import Principal
from letrics.accounts.verifier import refusal
from letrics.api.call import Call
from letrics.api.pools import OverLimit
from letrics.api.rate_limit_fields import Quota
from letrics.errors import TOO_MANY_REQUESTS
from letrics.plurals import counted

_HOW: Final = "send the header Authorization: Bearer ltr_… with an API token"


async def authenticate(call: Call, authenticator: Authenticator) -> Principal:
    """Authenticate the caller.

    Raises LetricsError (unauthorized), and StoreAway if the accounts database is unavailable.
    """
    given = call.header(b"authorization")
    if not given:
        raise refusal(f"The token is missing: {_HOW}")
    if len(given) > 1:
        raise refusal(f"The request has {len(given)} Authorization headers: send one")
    scheme, _, token = given[0].decode("latin-1").strip().partition(" ")
    if scheme.lower() != "bearer":
        raise refusal(f"The authorization scheme is not Bearer: {_HOW}")
    return await authenticator.verify(token.strip(" "))


class Buckets:
    """A token bucket per API token: `rate` requests per second, with bursts of up to `rate`. 0 means no limit."""

    def __init__(self, rate: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._rate = rate
        self._clock = clock
        self._buckets: dict[int, tuple[float, float]] = {}

    def quotas(self, token: int) -> list[Quota]:
        """The rate of the token, and how many requests it may send at once before its next one. Empty without a
        limit."""
        if not self._rate:
            return []
        return [Quota("requests-per-second", self._rate, int(self._level(token, self._clock())) - 1, 1)]

    def take(self, token: int) -> None:
        """Count one request. Raises LetricsError (too_many_requests) with the time to wait."""
        if not self._rate:
            return
        now = self._clock()
        level = self._level(token, now)
        if level < 1:
            self._buckets[token] = (level, now)
            wait = math.ceil((1 - level) / self._rate)
            details = (
                f"This token exceeded its limit of {counted(self._rate, 'request')} per second: retry after {wait} s"
            )
            raise OverLimit(TOO_MANY_REQUESTS, details, wait, "requests", "request_rate")
        self._buckets[token] = (level - 1, now)

    def _level(self, token: int, now: float) -> float:
        """The number of requests that the token may send at this moment."""
        level, at = self._buckets.get(token, (float(self._rate), now))
        return min(float(self._rate), level + (now - at) * self._rate)
