"""The response headers RateLimit-Policy and RateLimit: what a caller may use, and what is left of it.

Source: draft-ietf-httpapi-ratelimit-headers-11, RateLimit header fields for HTTP (23 May 2026). Both are lists of
structured fields (RFC 9651). A policy has the quota `q`, its unit `qu` and its window `w` in seconds; a limit has the
remaining quota `r` and `t`, the seconds until there is more.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from letrics.api.response import Header

POLICY: Final = "RateLimit-Policy"
LIMIT: Final = "RateLimit"


@dataclass(frozen=True, slots=True)
class Quota:
    """A quota of a caller: `remaining` of `quota` requests in progress, or per `window_seconds` if that is given."""

    name: str
    quota: int
    remaining: int
    window_seconds: int | None = None


def rate_limit_fields(quotas: Sequence[Quota]) -> list[Header]:
    """The headers for these quotas; none without quotas."""
    if not quotas:
        return []
    policies = ", ".join(
        f'"{each.name}";q={each.quota};'
        + ('qu="concurrent-requests"' if each.window_seconds is None else f"w={each.window_seconds}")
        for each in quotas
    )
    limits = ", ".join(
        f'"{each.name}";r={max(0, each.remaining)}'
        + ("" if each.window_seconds is None or each.remaining > 0 else f";t={each.window_seconds}")
        for each in quotas
    )
    return [(POLICY.lower().encode(), policies.encode()), (LIMIT.lower().encode(), limits.encode())]
