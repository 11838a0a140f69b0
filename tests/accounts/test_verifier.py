"""The verifier: which tokens it refuses, when it reads the database, and how soon it sees another process's change."""

from __future__ import annotations

import pytest

from letrics.accounts import secret
from letrics.accounts.base import Accounts
from letrics.accounts.database import now_ms
from letrics.accounts.tokens import Tokens
from letrics.accounts.users import Users
from letrics.accounts.verifier import CHECK_SECONDS, Verifier
from letrics.errors import LetricsError


class Clock:
    def __init__(self) -> None:
        self.ms = now_ms()
        self.seconds = 0.0


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def verifier(accounts: Accounts, elsewhere: Accounts, clock: Clock) -> Verifier:
    """A verifier with its own connection, as in another process."""
    Users(accounts).add("ann@people.example")
    return Verifier(elsewhere, None, lambda: clock.ms, lambda: clock.seconds)


def refused(verifier: Verifier, token: str) -> str:
    with pytest.raises(LetricsError) as caught:
        verifier.verify(token)
    assert caught.value.kind.code == 401
    assert caught.value.headers == {"WWW-Authenticate": "Bearer"}
    return str(caught.value)


def test_a_malformed_token_costs_no_database_read(verifier: Verifier, elsewhere: Accounts) -> None:
    elsewhere.close()
    assert "malformed" in refused(verifier, "ltr_" + "x" * 36)


def test_an_unknown_token(verifier: Verifier) -> None:
    assert "unknown" in refused(verifier, secret.make_secret())


def test_known_tokens_are_answered_from_memory(verifier: Verifier, accounts: Accounts, elsewhere: Accounts) -> None:
    text, token = Tokens(accounts).create("ann@people.example", "x", ["write"])
    principal = verifier.verify(text)
    assert principal.token_id == token.id
    assert principal.may("write") and principal.may("read")
    elsewhere.close()
    assert verifier.verify(text) == principal


def test_reading_is_not_writing(verifier: Verifier, accounts: Accounts) -> None:
    principal = verifier.verify(Tokens(accounts).create("ann@people.example", "x")[0])
    assert principal.may("read") and not principal.may("write")


def test_verify_sees_a_revocation_of_another_connection_in_time(
    verifier: Verifier, accounts: Accounts, clock: Clock
) -> None:
    assert CHECK_SECONDS <= 0.5
    text, token = Tokens(accounts).create("ann@people.example", "x")
    verifier.verify(text)
    Tokens(accounts).revoke(token.id)
    clock.seconds += CHECK_SECONDS
    assert "revoked" in refused(verifier, text)


def test_disabling_a_user_is_seen_and_taken_back(verifier: Verifier, accounts: Accounts, clock: Clock) -> None:
    Users(accounts).add("bea@people.example")
    text, _ = Tokens(accounts).create("bea@people.example", "x")
    verifier.verify(text)
    Users(accounts).disable("bea@people.example")
    clock.seconds += CHECK_SECONDS
    assert "disabled" in refused(verifier, text)
    Users(accounts).enable("bea@people.example")
    clock.seconds += CHECK_SECONDS
    verifier.verify(text)


def test_expiry_is_judged_by_the_clock_at_once(verifier: Verifier, accounts: Accounts, clock: Clock) -> None:
    text, _ = Tokens(accounts).create("ann@people.example", "x", expires_ms=clock.ms + 60_000)
    clock.ms += 59_999
    verifier.verify(text)
    clock.ms += 1
    assert "expired" in refused(verifier, text)
