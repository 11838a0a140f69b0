"""Sessions: when they are written, and how soon other processes see that they ended."""

from __future__ import annotations

from letrics.accounts.base import Accounts
from letrics.accounts.sessions import SEEN_MS, Sessions, SessionVerifier
from letrics.accounts.users import Users
from letrics.accounts.verifier import CHECK_SECONDS
from tests.office import BOB


def number(team: Accounts, email: str) -> int:
    return Users(team).get(email).id


def test_last_seen_is_written_at_most_once_a_minute(team: Accounts) -> None:
    sessions = Sessions(team)
    secret = sessions.open(number(team, BOB), "", "192.0.2.1")
    (session,) = sessions.of(number(team, BOB))
    sessions.seen(session.id, session.last_seen_at + SEEN_MS - 1, "192.0.2.7")
    assert sessions.of(number(team, BOB)) == [session]
    sessions.seen(session.id, session.last_seen_at + SEEN_MS, "192.0.2.7")
    (after,) = sessions.of(number(team, BOB))
    assert (after.last_seen_at, after.address) == (session.last_seen_at + SEEN_MS, "192.0.2.7")
    assert SessionVerifier(team).verify(secret) == after


def test_another_process_s_ending_is_seen_at_the_next_check(team: Accounts, elsewhere: Accounts) -> None:
    steady = [0.0]
    secret = Sessions(team).open(number(team, BOB))
    verifier = SessionVerifier(elsewhere, steady=lambda: steady[0])
    assert verifier.verify(secret)
    Sessions(team).end_all(number(team, BOB))
    steady[0] += CHECK_SECONDS
    assert verifier.verify(secret) is None
