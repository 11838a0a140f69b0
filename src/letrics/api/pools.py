"""Pools of requests: how many of a kind a server process runs at a time, in all and for each caller.

Nothing waits for a place: what finds none is refused at once, with 429 if the caller uses its share, else with 503.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from letrics.api.rate_limit_fields import Quota
from letrics.api.turns import Caller
from letrics.errors import TOO_MANY_REQUESTS, UNAVAILABLE, ErrorKind, LetricsError
from letrics.plurals import counted, plural

PoolName = Literal["requests", "heavy_searches", "exports", "uploads", "changes"]
RefusalReason = Literal["token_share", "server_full", "request_rate", "time_budget"]

_WHAT: Final[dict[PoolName, str]] = {
    "requests": "request",
    "heavy_searches": "heavy query",
    "exports": "export",
    "uploads": "upload",
    "changes": "change",
}
"""What is in a pool, in the singular, as errors say it."""
_RETRY_SECONDS: Final[dict[PoolName, int]] = {
    "requests": 1, "heavy_searches": 1, "exports": 5, "uploads": 5, "changes": 2,
}  # fmt: skip
"""The least seconds after which a refused caller should retry."""
MAX_RETRY_SECONDS: Final = 30
"""The most seconds after which a refused caller should retry."""


@dataclass(frozen=True, slots=True)
class FairUseLimits:
    """The maximum number of requests in progress in a server process, by kind, and the share of one caller in each."""

    requests: int = 128
    heavy_searches: int = 64
    exports: int = 4
    uploads: int = 4
    changes: int = 8
    token_share_percent: int = 50


class OverLimit(LetricsError):
    """A request that is refused to protect the other callers."""

    def __init__(
        self, kind: ErrorKind, details: str, retry_seconds: float, pool: PoolName, reason: RefusalReason
    ) -> None:
        retry = str(min(MAX_RETRY_SECONDS, max(1, math.ceil(retry_seconds))))
        super().__init__(kind, [(details, None)], {"Retry-After": retry})
        self.pool: Final = pool
        self.reason: Final = reason


class Pool:
    """The places of one kind of request."""

    def __init__(self, name: PoolName, limits: FairUseLimits) -> None:
        self.name: Final = name
        self.most: Final[int] = getattr(limits, name)
        self.share: Final = max(1, self.most * limits.token_share_percent // 100)
        self._used: dict[Caller, int] = {}
        self._all = 0

    @property
    def used(self) -> int:
        """The number of places that are taken."""
        return self._all

    def used_by(self, caller: Caller) -> int:
        return self._used.get(caller, 0)

    def check(self, caller: Caller) -> None:
        """Raise OverLimit if there is no place for the caller."""
        if self.used_by(caller) >= self.share:
            raise self.share_used(caller, _RETRY_SECONDS[self.name])
        reserve = self.most if self.name in ("requests", "heavy_searches") and not self.used_by(caller) else 0
        if self._all >= self.most + reserve:  # those of others leave a place for a caller's only request
            raise self.full(_RETRY_SECONDS[self.name])

    def share_used(self, caller: Caller, retry_seconds: float) -> OverLimit:
        """The refusal of a request of a caller that uses its share."""
        who = "This token" if caller[1] else "This user"
        what = counted(self.used_by(caller), _WHAT[self.name])
        details = f"{who} has {what} in progress, which is its share of the server: retry when one has ended"
        return OverLimit(TOO_MANY_REQUESTS, details, retry_seconds, self.name, "token_share")

    def full(self, retry_seconds: float) -> OverLimit:
        """The refusal of a request for which the server has no capacity."""
        what = plural(_WHAT[self.name])
        details = f"The server has as many {what} in progress as it can finish in time: retry in a moment"
        retry_seconds = max(retry_seconds, _RETRY_SECONDS[self.name])
        return OverLimit(UNAVAILABLE, details, retry_seconds, self.name, "server_full")

    def enter(self, caller: Caller) -> None:
        """Take a place. Raises OverLimit if there is none for the caller."""
        self.check(caller)
        self._all += 1
        self._used[caller] = self.used_by(caller) + 1

    def leave(self, caller: Caller) -> None:
        """Release a place."""
        self._all -= 1
        left = self._used[caller] - 1
        if left:
            self._used[caller] = left
        else:
            del self._used[caller]

    def quota(self, caller: Caller) -> Quota:
        """The share of the caller, and what is left of it."""
        return Quota(self.name.replace("_", "-"), self.share, self.share - self.used_by(caller))


Pools = Mapping[PoolName, Pool]


def make_pools(limits: FairUseLimits) -> Pools:
    return {name: Pool(name, limits) for name in _WHAT}
