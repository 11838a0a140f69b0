"""The commands `letrics user` and `letrics token`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from letrics.accounts.database import AccountsDatabase
from letrics.accounts.passwords import password_matches
from letrics.accounts.secret import well_formed
from letrics.accounts.verifier import Verifier
from letrics.cli import cli
from letrics.errors import LetricsError
from letrics.normalize.time import parse_time

DAY = 86_400_000


class Shell:
    def __init__(self, home: Path) -> None:
        self.home = home

    def run(self, *words: str, input: str = "") -> Result:
        return CliRunner().invoke(cli, ["--home", str(self.home), *words], input=input)

    def json(self, *words: str) -> Any:
        result = self.run("--json", *words)
        assert result.exit_code == 0, result.output
        return json.loads(result.stdout)

    def fails(self, *words: str, input: str = "") -> str:
        """Run a command that must fail as a usage error, reported in one line without a traceback."""
        result = self.run(*words, input=input)
        assert result.exit_code == 2
        assert result.stdout == ""
        assert "Traceback" not in result.stderr
        return result.stderr


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    shell = Shell(tmp_path / "home")
    assert shell.run("user", "add", "ann@people.example").exit_code == 0
    return shell


def password_hash(shell: Shell) -> str | None:
    with AccountsDatabase(shell.home / "accounts.db") as accounts:
        kept: str | None = accounts.connection.execute("SELECT password_hash FROM user").get
        return kept


def test_users_are_added_and_listed(shell: Shell) -> None:
    added = shell.json("user", "add", "Bea@People.example", "--admin")
    assert (added["email"], added["role"], added["has_password"]) == ("bea@people.example", "admin", False)
    assert [user["email"] for user in shell.json("user", "list")] == ["ann@people.example", "bea@people.example"]
    lines = shell.run("user", "list").stdout.splitlines()
    assert [line.split()[0] for line in lines] == ["ann@people.example", "bea@people.example"]
    assert "admin" in lines[1]


def test_users_that_cannot_be(shell: Shell) -> None:
    assert "already" in shell.fails("user", "add", "ANN@people.example")
    assert "email" in shell.fails("user", "add", "ann")
    assert "did you mean ann@people.example" in shell.fails("user", "disable", "anne@people.example")
    assert "characters" in shell.fails("user", "add", "bea@people.example", "--password-stdin", input="short\n")
    assert len(shell.json("user", "list")) == 1


def test_a_password_from_standard_input(shell: Shell) -> None:
    assert password_hash(shell) is None
    result = shell.run("user", "password", "ann@people.example", "--password-stdin", input=" correct horse \r\nmore\n")
    assert result.exit_code == 0
    assert password_matches(password_hash(shell), " correct horse ")
    assert "correct horse" not in result.output
    assert "--password-stdin" in shell.fails("user", "password", "ann@people.example")


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
