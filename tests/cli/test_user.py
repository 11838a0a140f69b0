"""`letrics user`: roles, what is listed, and deleting."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from letrics.accounts.database import AccountsDatabase
from letrics.accounts.links import InvalidLink, Links, Purpose
from letrics.accounts.passwords import password_matches
from letrics.accounts.sessions import Sessions
from letrics.accounts.users import Users
from letrics.settings import Home
from tests.cli.conftest import Run, Shell

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


def test_password_of_data_breaches_is_refused(shell: Shell) -> None:
    for password in ("password123", "ann@people.example"):
        failed = shell.fails("user", "password", "ann@people.example", "--password-stdin", input=f"{password}\n")
        assert "four random words" in failed
    assert password_hash(shell) is None


def test_new_password_names_the_tokens_that_stay(shell: Shell) -> None:
    shell.run("token", "create", "--user", "ann@people.example", "--name", "crm")
    done = shell.run("user", "password", "ann@people.example", "--password-stdin", input="correct horse\n")
    assert "1 (crm)" in done.stderr and "letrics token revoke ID" in done.stderr


def test_totp_is_turned_off_for_a_user(shell: Shell) -> None:
    assert not shell.json("user", "totp", "ann@people.example")["has_totp"]
    with AccountsDatabase(shell.home / "accounts.db") as accounts:
        accounts.connection.execute("UPDATE user SET totp_secret = x'00'")
    assert "two-factor" in shell.run("user", "list").stdout
    assert "is on" in shell.run("user", "totp", "ann@people.example").stdout
    assert "is off" in shell.run("user", "totp", "ann@people.example", "--off").stdout
    assert not shell.json("user", "list")[0]["has_totp"]


def password_hash(shell: Shell) -> str | None:
    with AccountsDatabase(shell.home / "accounts.db") as accounts:
        kept: str | None = accounts.connection.execute("SELECT password_hash FROM user").get
        return kept


@pytest.mark.parametrize(
    ("command", "email", "purpose", "path"),
    [("invite", "cyd@people.example", "invitation", "/invitation/"), ("reset", BOB, "reset", "/reset/"),
     ("link", BOB, "sign_in", "/link/")],
)  # fmt: skip
def test_a_link_is_printed_alone(run: Run, home: Path, command: str, email: str, purpose: Purpose, path: str) -> None:
    run("user", "add", BOB)
    printed = run("user", command, email).stdout
    assert printed.startswith(f"http://127.0.0.1:8000{path}") and printed.count("\n") == 1
    other = json.loads(run("user", command, email, "--url", "https://letrics.example/", "--json").stdout)["link"]
    assert other.startswith(f"https://letrics.example{path}")
    with AccountsDatabase(Home(home).accounts) as database:
        links = Links(database)
        assert links.find(purpose, other.rpartition("/")[2]).email == email
        with pytest.raises(InvalidLink):
            links.find(purpose, printed.strip().rpartition("/")[2])


def test_link_begins_with_the_public_url(run: Run, home: Path) -> None:
    run("user", "add", BOB)
    home.mkdir(exist_ok=True)
    (home / "letrics.toml").write_text('public_url = "https://crm.example:8443/"')
    assert run("user", "reset", BOB).stdout.startswith("https://crm.example:8443/reset/")
    assert run("user", "reset", BOB, "--url", "http://other.example").stdout.startswith("http://other.example/reset/")


def test_url_that_is_no_site_is_refused(run: Run) -> None:
    run("user", "add", BOB)
    assert "http:// or https://" in run("user", "reset", BOB, "--url", "crm.example", code=2).stderr


@pytest.mark.parametrize("command", ["reset", "link"])
def test_only_for_users_there_are(run: Run, command: str) -> None:
    run("user", "add", BOB)
    done = run("user", command, "bop@people.example", code=2)
    assert f"did you mean {BOB}?" in done.stderr


def test_who_is_a_user_is_not_invited(run: Run) -> None:
    run("user", "add", BOB)
    assert "already" in run("user", "invite", BOB, code=2).stderr


@pytest.mark.parametrize("command", [["disable"], ["password", "--password-stdin"]])
def test_whoever_is_disabled_or_gets_a_password_is_signed_out(run: Run, home: Path, command: list[str]) -> None:
    run("user", "add", "ann@people.example")
    run("user", "add", BOB)
    with AccountsDatabase(Home(home).accounts) as database:
        bob = Users(database).get(BOB).id
        Sessions(database).open(bob)
        run("user", command[0], BOB, *command[1:], input="correct horse\n")
        assert database.connection.execute("SELECT count(*) FROM session").get == 0
