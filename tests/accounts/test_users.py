"""Users: emails, passwords, and disabling."""

from __future__ import annotations

import pytest

from letrics.accounts.base import Accounts
from letrics.accounts.passwords import password_matches
from letrics.accounts.users import UnknownUser, Users
from letrics.store.sql import read_value


def stored(accounts: Accounts, what: str) -> str | None:
    value: str | None = read_value(accounts.connection, f"SELECT {what}")
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

    def test_passwords_are_kept_as_argon2id_alone(self, users: Users, accounts: Accounts) -> None:
        users.add("ann@people.example", password="correct horse")
        kept = stored(accounts, 'password_hash FROM "user"')
        assert kept is not None and kept.startswith("$argon2id$")
        assert password_matches(kept, "correct horse")
        assert not password_matches(kept, "correct horse ")
        users.set_password("ann@people.example", "battery staple")
        assert password_matches(stored(accounts, 'password_hash FROM "user"'), "battery staple")

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
