"""`letrics user`: roles, what is listed, and deleting."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from letrics.accounts.database import AccountsDatabase
from letrics.accounts.links import Links
from letrics.settings import Home
from tests.cli.conftest import Run

ADA, BOB, CYD = "ada@people.example", "bob@people.example", "cyd@people.example"


@pytest.fixture
def staff(run: Run) -> Run:
    """An admin, ada, and an editor, bob, with a token that writes."""
    run("user", "add", ADA)
    run("user", "add", BOB, "--role", "editor")
    run("token", "create", "--user", BOB, "--name", "crm", "--scope", "write")
    return run


def roles(run: Run) -> dict[str, str]:
    return {user["email"]: user["role"] for user in json.loads(run("user", "list", "--json").stdout)}


def test_add_first_user_is_admin(run: Run) -> None:
    assert "first one must be an admin" in run("user", "add", ADA, "--role", "viewer", code=2).stderr
    assert run("user", "add", ADA).stdout == f"{ADA}: added as admin\n"
    assert run("user", "add", BOB).stdout == f"{BOB}: added as viewer\n"


def test_add_old_spelling_of_admin_works(staff: Run) -> None:
    staff("user", "add", CYD, "--admin")
    assert roles(staff)[CYD] == "admin"
    done = staff("user", "add", "dee@people.example", "--admin", "--role", "viewer", code=2)
    assert "remove it to use --role viewer" in done.stderr
    assert "--admin" not in staff("user", "add", "--help").stdout


def test_list_shows_role_and_status(staff: Run) -> None:
    staff("user", "add", CYD, "--password-stdin", input="correct horse\n")
    staff("user", "disable", BOB)
    first, second, third = (line.split() for line in staff("user", "list").stdout.splitlines())
    assert first[:5] == [ADA, "admin", "active,", "no", "password"]
    assert second[:3] == [BOB, "editor", "disabled"]
    assert third[:3] == [CYD, "viewer", "active"]


def test_role_lower_names_the_tokens(staff: Run) -> None:
    done = staff("user", "role", BOB, "viewer")
    assert done.stdout == f"{BOB}: viewer\n" and "1 (crm)" in done.stderr
    assert roles(staff)[BOB] == "viewer"
    (token,) = json.loads(staff("token", "list", "--json").stdout)
    assert token["scopes"] == ["read"] and token["lowered_at"]
    assert "1 (crm)" not in staff("user", "role", BOB, "admin").stderr
    assert json.loads(staff("token", "list", "--json").stdout)[0]["scopes"] == ["read"]


@pytest.mark.parametrize(("command", "words"), [("role", ["viewer"]), ("disable", []), ("delete", ["--yes"])])
def test_last_admin_stays(staff: Run, command: str, words: list[str]) -> None:
    assert "last admin" in staff("user", command, ADA, *words, code=2).stderr
    assert roles(staff)[ADA] == "admin"
    staff("user", "role", BOB, "admin")
    staff("user", command, ADA, *words)
    assert "last admin" in staff("user", "disable", BOB, code=2).stderr


def test_role_of_unknown_user_or_name_is_refused(staff: Run) -> None:
    assert f"did you mean {BOB}" in staff("user", "role", "bop@people.example", "editor", code=2).stderr
    assert "viewer" in staff("user", "role", BOB, "owner", code=2).stderr


def test_token_beyond_role_is_refused(staff: Run) -> None:
    staff("user", "role", BOB, "viewer")
    done = staff("token", "create", "--user", BOB, "--name", "x", "--scope", "write", code=2)
    assert "viewer" in done.stderr and done.stdout == ""


def test_delete_asks_and_then_forgets(staff: Run) -> None:
    assert "pass --yes" in staff("user", "delete", BOB, code=2).stderr
    assert staff("user", "delete", BOB, "--yes").stdout == f"{BOB}: deleted\n"
    assert roles(staff) == {ADA: "admin"}
    assert json.loads(staff("token", "list", "--json").stdout) == []


def test_invite_has_the_role(staff: Run, home: Path) -> None:
    path = staff("user", "invite", CYD, "--role", "editor").stdout.strip()
    with AccountsDatabase(Home(home).accounts) as database:
        assert Links(database).find("invitation", path.rpartition("/")[2]).role == "editor"


def test_list_without_admin_says_how_to_make_one(staff: Run, home: Path) -> None:
    assert "letrics user role" not in staff("user", "list").stderr
    with AccountsDatabase(Home(home).accounts) as database:
        database.connection.execute("UPDATE user SET role = 'viewer'")
    assert "letrics user role EMAIL admin" in staff("user", "list").stderr
    staff("user", "role", ADA, "admin")
    assert "letrics user role" not in staff("user", "list").stderr
