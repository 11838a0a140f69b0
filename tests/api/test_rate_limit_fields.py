"""The headers RateLimit-Policy and RateLimit."""

from __future__ import annotations

from letrics.api.rate_limit_fields import Quota, rate_limit_fields


def test_fields_list_all_quotas() -> None:
    quotas = [Quota("requests-per-second", 50, 0, 1), Quota("exports", 2, 1)]
    assert rate_limit_fields(quotas) == [
        (b"ratelimit-policy", b'"requests-per-second";q=50;w=1, "exports";q=2;qu="concurrent-requests"'),
        (b"ratelimit", b'"requests-per-second";r=0;t=1, "exports";r=1'),
    ]


def test_fields_without_quotas_are_absent() -> None:
    assert rate_limit_fields([]) == []


def test_remaining_is_never_negative() -> None:
    assert rate_limit_fields([Quota("changes", 1, -1)])[1] == (b"ratelimit", b'"changes";r=0')
