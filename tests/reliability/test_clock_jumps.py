"""A clock that jumps: no user is locked out, nothing lasts longer than it should, and nothing waits for years.

Each test does something while the clock is ten years ahead, as after a wrong time server, and then goes on at the right
time; and the other way round.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from letrics.accounts.database import AccountsDatabase
from letrics.accounts.last_used import INTERVAL_MS, LastUsed
from letrics.accounts.sessions import Sessions, SessionVerifier
from letrics.accounts.throttle import FREE_BY_ACCOUNT, Throttle
from letrics.accounts.tokens import Tokens
from letrics.accounts.users import Users
from letrics.api.stored_requests import IdempotencyFile, StillRunning
from letrics.normalize.time import DAY_MS

NOW = 1_800_000_000_000
YEARS = 3650 * DAY_MS


def test_throttle_does_not_wait_for_a_clock_set_back(accounts: AccountsDatabase) -> None:
    throttle = Throttle(accounts)
    for _ in range(FREE_BY_ACCOUNT):
        assert throttle.attempt("ann", "::1", NOW + YEARS) == 0
    assert throttle.attempt("ann", "::1", NOW + YEARS) > 0
    assert throttle.attempt("ann", "::1", NOW) == 0


def test_throttle_still_waits_after_a_jump_of_minutes(accounts: AccountsDatabase) -> None:
    throttle = Throttle(accounts)
    for _ in range(FREE_BY_ACCOUNT + 1):
        throttle.attempt("ann", "::1", NOW)
    assert throttle.attempt("ann", "::1", NOW - 60_000) > 0


def test_session_of_the_future_is_not_valid(accounts: AccountsDatabase) -> None:
    user = Users(accounts).add("ann@people.example").id
    secret = Sessions(accounts).open(user)
    [session] = Sessions(accounts).of(user)
    started = session.created_at
    assert SessionVerifier(accounts, clock=lambda: started - 60_000).verify(secret) is not None
    assert SessionVerifier(accounts, clock=lambda: started - YEARS).verify(secret) is None
    assert SessionVerifier(accounts, clock=lambda: started + YEARS).verify(secret) is None
    assert SessionVerifier(accounts, clock=lambda: started).verify(secret) is not None


def test_last_use_of_the_future_is_replaced(accounts: AccountsDatabase) -> None:
    Users(accounts).add("ann@people.example")
    _, token = Tokens(accounts).create("ann@people.example", "crm")
    path = accounts.connection.filename
    last_used = LastUsed(lambda: AccountsDatabase(Path(path), create=False))
    last_used.note(token.id, NOW + YEARS)
    assert last_used.flush() == 1
    last_used.note(token.id, NOW)
    assert last_used.flush() == 1
    assert (Tokens(accounts).get(token.id).last_used_at or "").startswith("2027-01-15")
    last_used.note(token.id, NOW + INTERVAL_MS // 2)
    assert last_used.flush() == 0


def test_running_request_of_the_future_runs_again(tmp_path: Path) -> None:
    now = [NOW + YEARS]
    requests = IdempotencyFile(tmp_path / "idempotency.db", lambda: now[0])
    requests.begin(b"key", b"head")
    now[0] = NOW + YEARS - 1000
    with pytest.raises(StillRunning):
        requests.begin(b"key", b"head")
    now[0] = NOW
    assert isinstance(requests.begin(b"key", b"head"), bytes)
    requests.close()
