"""Sessions: when they are written, and how soon other processes see that they ended."""

from __future__ import annotations

from pathlib import Path

from letrics.accounts.database import AccountsDatabase
from letrics.accounts.sessions import SEEN_MS, Sessions, SessionVerifier
from letrics.accounts.users import Users
from letrics.accounts.verifier import CHECK_SECONDS
from tests.office import BOB, Office


def number(office: Office, email: str) -> int:
    return Users(office.accounts).get(email).id


def test_last_seen_is_written_at_most_once_a_minute(office: Office) -> None:
    sessions = Sessions(office.accounts)
    secret = sessions.open(number(office, BOB), "", "192.0.2.1")
    (session,) = sessions.of(number(office, BOB))
    sessions.seen(session.id, session.last_seen_at + SEEN_MS - 1, "192.0.2.7")
    assert sessions.of(number(office, BOB)) == [session]
    sessions.seen(session.id, session.last_seen_at + SEEN_MS, "192.0.2.7")
    (after,) = sessions.of(number(office, BOB))
    assert (after.last_seen_at, after.address) == (session.last_seen_at + SEEN_MS, "192.0.2.7")
    assert SessionVerifier(office.accounts).verify(secret) == after


def test_another_process_s_ending_is_seen_at_the_next_check(office: Office, tmp_path: Path) -> None:
    steady = [0.0]
    secret = Sessions(office.accounts).open(number(office, BOB))
    with AccountsDatabase(tmp_path / "accounts.db") as elsewhere:
        verifier = SessionVerifier(elsewhere, steady=lambda: steady[0])
        assert verifier.verify(secret)
        Sessions(office.accounts).end_all(number(office, BOB))
        steady[0] += CHECK_SECONDS
        assert verifier.verify(secret) is None
