"""Authentication by bearer token, and the rate limit of a token."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from letrics.accounts.authenticator import LocalAuthenticator
from letrics.accounts.database import AccountsDatabase
from letrics.api.auth import Buckets, authenticate
from letrics.errors import LetricsError
from tests.api.calls import make_call


@pytest.mark.parametrize("form", ["Bearer {}", "bearer {}", "BEARER   {} ", "  Bearer {}"])
def test_authenticate_accepts_the_scheme_in_any_case(
    accounts: AccountsDatabase, tokens: dict[str, str], form: str
) -> None:
    call = make_call(headers=[(b"authorization", form.format(tokens["write"]).encode())])
    assert asyncio.run(authenticate(call, LocalAuthenticator.over(accounts))).may("write")


@pytest.mark.parametrize(
    ("values", "says"),
    [([], "is missing"), ([b"Bearer x", b"Bearer y"], "2 Authorization headers"), ([b"Basic dTpw"], "not Bearer"),
     ([b"ltr_x"], "not Bearer"), ([b"Bearer"], "malformed"), ([b"Bearer \xff"], "malformed")],
)  # fmt: skip
def test_authenticate_refuses_with_the_reason(accounts: AccountsDatabase, values: list[bytes], says: str) -> None:
    call = make_call(headers=[(b"authorization", value) for value in values])
    with pytest.raises(LetricsError, match=says) as caught:
        asyncio.run(authenticate(call, LocalAuthenticator.over(accounts)))
    assert (caught.value.kind.code, caught.value.headers) == (401, {"WWW-Authenticate": "Bearer"})


def test_take_refills_at_the_rate_and_names_the_wait() -> None:
    now = 100.0
    buckets = Buckets(2, lambda: now)
    buckets.take(1)
    buckets.take(1)
    with pytest.raises(LetricsError, match="2 requests per second") as caught:
        buckets.take(1)
    assert (caught.value.kind.code, caught.value.headers) == (429, {"Retry-After": "1"})
    buckets.take(2)
    now += 0.5
    buckets.take(1)
    with pytest.raises(LetricsError):
        buckets.take(1)
    now += 1000
    for _ in range(2):
        buckets.take(1)
    with pytest.raises(LetricsError):
        buckets.take(1)


def test_take_without_a_limit_never_refuses() -> None:
    buckets = Buckets(0, lambda: 0.0)
    for _ in range(1000):
        buckets.take(1)


@given(st.integers(1, 20), st.lists(st.floats(0, 3), max_size=100))
def test_take_allows_at_most_burst_and_rate(rate: int, pauses: list[float]) -> None:
    now, allowed = 0.0, 0
    buckets = Buckets(rate, lambda: now)
    for pause in pauses:
        now += pause
        try:
            buckets.take(7)
        except LetricsError:
            continue
        allowed += 1
        assert allowed <= rate + now * rate + 1e-6
