"""`letrics token`: secrets, scopes and expiry of tokens."""

from __future__ import annotations

import json

import pytest

from letrics.accounts.database import AccountsDatabase
from letrics.accounts.secret import well_formed
from letrics.accounts.verifier import Verifier
from letrics.errors import LetricsError
from letrics.normalize.time import parse_time
from tests.cli.conftest import Shell

DAY = 86_400_000


def test_a_token_alone_on_standard_output(shell: Shell) -> None:
    result = shell.run("token", "create", "--user", "ann@people.example", "--name", "laptop")
    secret = result.stdout.removesuffix("\n")
    assert well_formed(secret)
    (listed,) = shell.json("token", "list")
    assert (listed["name"], listed["scopes"]) == ("laptop", ["read"])
    assert parse_time(listed["expires_at"]) - parse_time(listed["created_at"]) == pytest.approx(90 * DAY, abs=60_000)
    assert listed["last_four"] == secret[-4:]
    assert secret not in json.dumps(listed) and secret not in shell.run("token", "list").output
    with AccountsDatabase(shell.home / "accounts.db") as accounts:
        assert Verifier(accounts).verify(secret).token_id == listed["id"]


def test_a_token_as_json_with_both_scopes(shell: Shell) -> None:
    made = shell.json(
        "token", "create", "--user", "ann@people.example", "--name", "x", "--scope", "read", "--scope", "write"
    )
    assert well_formed(made["token"])
    assert made["scopes"] == ["read", "write"]


@pytest.mark.parametrize(("text", "days"), [("90d", 90), ("24h", 1), ("2w", 14), ("1Y", 365)])
def test_a_token_expires_after_a_while(shell: Shell, text: str, days: int) -> None:
    made = shell.json("token", "create", "--user", "ann@people.example", "--name", "x", "--expires", text)
    assert parse_time(made["expires_at"]) - parse_time(made["created_at"]) == pytest.approx(days * DAY, abs=60_000)


def test_a_token_expires_at_the_end_of_a_day(shell: Shell) -> None:
    made = shell.json("token", "create", "--user", "ann@people.example", "--name", "x", "--expires", "2999-01-31")
    assert made["expires_at"] == "2999-01-31T23:59:59.999Z"


@pytest.mark.parametrize("text", ["90", "d", "90x", "-1d", "2020-01-01", "tomorrow", "0d", "999999y", "9999-12-32"])
def test_expiries_that_cannot_be(shell: Shell, text: str) -> None:
    shell.fails("token", "create", "--user", "ann@people.example", "--name", "x", "--expires", text)
    assert shell.json("token", "list") == []


def test_tokens_that_cannot_be(shell: Shell) -> None:
    assert "no user" in shell.fails("token", "create", "--user", "bea@people.example", "--name", "x")
    assert "name" in shell.fails("token", "create", "--user", "ann@people.example", "--name", " ")
    assert "scope" in shell.fails("token", "create", "--user", "ann@people.example", "--name", "x", "--scope", "all")
    assert "token list" in shell.fails("token", "revoke", "7")


def test_a_revoked_token_is_refused(shell: Shell) -> None:
    made = shell.json("token", "create", "--user", "ann@people.example", "--name", "x")
    assert shell.json("token", "revoke", str(made["id"]))["revoked_at"] is not None
    assert "revoked" in shell.run("token", "list").stdout
    with AccountsDatabase(shell.home / "accounts.db") as accounts, pytest.raises(LetricsError, match="revoked"):
        Verifier(accounts).verify(made["token"])


def test_a_disabled_user_s_token_is_refused_until_enabled(shell: Shell) -> None:
    shell.run("user", "add", "bea@people.example")
    made = shell.json("token", "create", "--user", "bea@people.example", "--name", "x")
    assert shell.json("user", "disable", "bea@people.example")["disabled_at"] is not None
    with AccountsDatabase(shell.home / "accounts.db") as accounts, pytest.raises(LetricsError, match="disabled"):
        Verifier(accounts).verify(made["token"])
    assert shell.json("user", "enable", "bea@people.example")["disabled_at"] is None
    with AccountsDatabase(shell.home / "accounts.db") as accounts:
        Verifier(accounts).verify(made["token"])
