"""The verifier: which tokens it refuses, when it reads the database, and how soon it sees another process's change."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from letrics.accounts import secret
from letrics.accounts.database import AccountsDatabase, now_ms
from letrics.accounts.last_used import INTERVAL_MS, LastUsed
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
def verifier(accounts: AccountsDatabase, tmp_path: Path, clock: Clock) -> Iterator[Verifier]:
    """A verifier with its own connection, as in another process."""
    Users(accounts).add("ann@people.example")
    with AccountsDatabase(tmp_path / "accounts.db") as database:
        yield Verifier(database, None, lambda: clock.ms, lambda: clock.seconds)


def refused(verifier: Verifier, token: str) -> str:
    with pytest.raises(LetricsError) as caught:
        verifier.verify(token)
    assert caught.value.kind.code == 401
    assert caught.value.headers == {"WWW-Authenticate": "Bearer"}
    return str(caught.value)


class TestSecret:
    def test_form(self) -> None:
        made = secret.make_secret()
        assert made.startswith("ltr_") and len(made) == 40 and made[4:].isalnum() and made.isascii()
        value = 0
        for digit in made[-6:]:
            value = value * 62 + secret.ALPHABET.index(digit)
        assert value == zlib.crc32(made[:-6].encode())
        assert secret.well_formed(made)
        assert secret.make_secret() != made

    def test_every_change_of_one_character_is_seen(self) -> None:
        made = secret.make_secret()
        for position in range(4, len(made)):
            other = "a" if made[position] != "a" else "b"
            assert not secret.well_formed(made[:position] + other + made[position + 1 :])
        for damaged in (made[:-1], made[1:], made + "0", f" {made}", made.upper(), "", "ltr_", "é" * 40):
            assert not secret.well_formed(damaged)

    def test_longer_ones_are_tokens_too(self) -> None:
        body = "ltr_" + "x" * 50
        assert secret.well_formed(body + secret.checksum(body))
        body = "ltr_" + "x" * 29
        assert not secret.well_formed(body + secret.checksum(body))


def test_a_malformed_token_costs_no_database_read(verifier: Verifier, accounts: AccountsDatabase) -> None:
    verifier._database.close()
    assert "malformed" in refused(verifier, "ltr_" + "x" * 36)


def test_an_unknown_token(verifier: Verifier) -> None:
    assert "unknown" in refused(verifier, secret.make_secret())


def test_known_tokens_are_answered_from_memory(verifier: Verifier, accounts: AccountsDatabase) -> None:
    text, token = Tokens(accounts).create("ann@people.example", "x", ["write"])
    principal = verifier.verify(text)
    assert principal.token_id == token.id
    assert principal.may("write") and principal.may("read")
    verifier._database.close()
    assert verifier.verify(text) == principal


def test_reading_is_not_writing(verifier: Verifier, accounts: AccountsDatabase) -> None:
    principal = verifier.verify(Tokens(accounts).create("ann@people.example", "x")[0])
    assert principal.may("read") and not principal.may("write")


def test_another_connection_s_revocation_is_seen_at_the_next_check(
    verifier: Verifier, accounts: AccountsDatabase, clock: Clock
) -> None:
    assert CHECK_SECONDS <= 0.5
    text, token = Tokens(accounts).create("ann@people.example", "x")
    verifier.verify(text)
    Tokens(accounts).revoke(token.id)
    clock.seconds += CHECK_SECONDS
    assert "revoked" in refused(verifier, text)


def test_disabling_a_user_is_seen_and_taken_back(verifier: Verifier, accounts: AccountsDatabase, clock: Clock) -> None:
    Users(accounts).add("bea@people.example")
    text, _ = Tokens(accounts).create("bea@people.example", "x")
    verifier.verify(text)
    Users(accounts).disable("bea@people.example")
    clock.seconds += CHECK_SECONDS
    assert "disabled" in refused(verifier, text)
    Users(accounts).enable("bea@people.example")
    clock.seconds += CHECK_SECONDS
    verifier.verify(text)


def test_expiry_is_judged_by_the_clock_at_once(verifier: Verifier, accounts: AccountsDatabase, clock: Clock) -> None:
    text, _ = Tokens(accounts).create("ann@people.example", "x", expires_ms=clock.ms + 60_000)
    clock.ms += 59_999
    verifier.verify(text)
    clock.ms += 1
    assert "expired" in refused(verifier, text)


class TestLastUsed:
    def test_written_at_most_once_a_minute(self, accounts: AccountsDatabase, tmp_path: Path) -> None:
        path = tmp_path / "accounts.db"
        Users(accounts).add("ann@people.example")
        token = Tokens(accounts).create("ann@people.example", "x")[1].id
        used, other = LastUsed(path), LastUsed(path)
        start = now_ms()
        assert used.flush() == 0
        used.note(token, start)
        used.note(token, start + 5)
        assert used.flush() == 1
        first = Tokens(accounts).get(token).last_used_at
        assert first is not None
        used.note(token, start + INTERVAL_MS)
        assert used.flush() == 0
        other.note(token, start + 10)
        assert other.flush() == 0, "another process wrote within the minute"
        assert Tokens(accounts).get(token).last_used_at == first
        used.note(token, start + 5 + INTERVAL_MS)
        assert used.flush() == 1

    def test_a_database_that_is_away_costs_nothing(self, tmp_path: Path) -> None:
        used = LastUsed(tmp_path / "missing" / "accounts.db")
        used.note(1, now_ms())
        assert used.flush() == 0
        (tmp_path / "missing").mkdir()
        assert used.flush() == 0, "there is no such token to write"
