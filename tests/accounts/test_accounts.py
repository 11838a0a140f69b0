"""Users and tokens in the accounts database."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from letrics.accounts.database import AccountsDatabase, now_ms
from letrics.accounts.passwords import password_matches
from letrics.accounts.tokens import Tokens, UnknownToken
from letrics.accounts.users import UnknownUser, Users


@pytest.fixture
def users(accounts: AccountsDatabase) -> Users:
    return Users(accounts)


def stored(accounts: AccountsDatabase, what: str) -> str | None:
    value: str | None = accounts.connection.execute(f"SELECT {what}").get
    return value


class TestUsers:
    def test_an_email_is_one_user_whatever_its_case(self, users: Users) -> None:
        added = users.add("Ann@People.Example")
        assert (added.email, added.role, added.has_password, added.disabled_at) == (
            "ann@people.example",
            "admin",
            False,
            None,
        )
        assert users.get(" ANN@people.example ") == added
        with pytest.raises(ValueError, match="already"):
            users.add("ann@people.example")
        assert users.all() == [added]

    @pytest.mark.parametrize("email", ["", "ann", "ann@", "@people.example", "ann@people"])
    def test_what_is_no_email(self, users: Users, email: str) -> None:
        with pytest.raises(ValueError, match=r"email|blank"):
            users.add(email)

    def test_an_unknown_user_gets_the_nearest_name(self, users: Users) -> None:
        users.add("ann@people.example")
        with pytest.raises(UnknownUser, match=r"did you mean ann@people\.example"):
            users.disable("anne@people.example")

    def test_passwords_are_kept_as_argon2id_alone(self, users: Users, accounts: AccountsDatabase) -> None:
        users.add("ann@people.example", password="correct horse")
        kept = stored(accounts, "password_hash FROM user")
        assert kept is not None and kept.startswith("$argon2id$")
        assert password_matches(kept, "correct horse")
        assert not password_matches(kept, "correct horse ")
        users.set_password("ann@people.example", "battery staple")
        assert password_matches(stored(accounts, "password_hash FROM user"), "battery staple")

    def test_a_user_without_a_password_matches_none(self) -> None:
        assert not password_matches(None, "")
        assert not password_matches(None, "a password that belongs to no user")

    @pytest.mark.parametrize("password", ["", "short", "x" * 1025])
    def test_passwords_that_cannot_be(self, users: Users, password: str) -> None:
        with pytest.raises(ValueError, match="characters"):
            users.add("ann@people.example", password=password)
        assert users.all() == []

    def test_disabling_is_kept_and_taken_back(self, users: Users) -> None:
        users.add("ann@people.example")
        users.add("bea@people.example")
        first = users.disable("bea@people.example")
        assert first.disabled_at is not None
        assert users.disable("bea@people.example") == first
        assert users.enable("bea@people.example").disabled_at is None


class TestTokens:
    def test_the_secret_is_not_kept(self, users: Users, accounts: AccountsDatabase, tmp_path: Path) -> None:
        users.add("ann@people.example")
        secret, token = Tokens(accounts).create("ann@people.example", " laptop ", ["write", "write"])
        assert (token.name, token.scopes, token.last_four) == ("laptop", ("write",), secret[-4:])
        assert (token.expires_at, token.last_used_at, token.revoked_at) == (None, None, None)
        for file in tmp_path.iterdir():
            assert secret.encode() not in file.read_bytes()

    @pytest.mark.parametrize("name", ["", "  ", "x" * 101, "a\nb"])
    def test_names_that_cannot_be(self, users: Users, accounts: AccountsDatabase, name: str) -> None:
        users.add("ann@people.example")
        with pytest.raises(ValueError, match="name"):
            Tokens(accounts).create("ann@people.example", name)

    def test_other_things_that_cannot_be(self, users: Users, accounts: AccountsDatabase) -> None:
        tokens = Tokens(accounts)
        with pytest.raises(UnknownUser):
            tokens.create("ann@people.example", "x")
        users.add("ann@people.example")
        with pytest.raises(ValueError, match="scope"):
            tokens.create("ann@people.example", "x", [])
        with pytest.raises(ValueError, match="future"):
            tokens.create("ann@people.example", "x", expires_ms=now_ms() - 1)
        with pytest.raises(UnknownToken):
            tokens.revoke(1)
        assert tokens.all() == []

    def test_revoking_twice_keeps_the_first_time(self, users: Users, accounts: AccountsDatabase) -> None:
        users.add("ann@people.example")
        tokens = Tokens(accounts)
        _, token = tokens.create("ann@people.example", "x")
        first = tokens.revoke(token.id)
        assert first.revoked_at is not None
        assert tokens.revoke(token.id) == first
        assert tokens.all() == [first]


def test_the_file_is_its_owners_alone(accounts: AccountsDatabase, tmp_path: Path) -> None:
    Users(accounts).add("ann@people.example")
    for file in tmp_path.iterdir():
        assert stat.S_IMODE(file.stat().st_mode) == 0o600, file
