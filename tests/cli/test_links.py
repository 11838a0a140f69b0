"""Links from the command line: to join, to choose a password, to sign in; and the code of the first start."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from letrics.accounts.database import AccountsDatabase
from letrics.accounts.links import DeadLink, Links, Purpose
from letrics.accounts.sessions import Sessions
from letrics.accounts.users import Users
from letrics.cli.serve import set_up_code
from letrics.settings import Home
from tests.cli.conftest import Run

BOB = "bob@people.example"


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
        with pytest.raises(DeadLink):
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


def test_the_set_up_code_is_there_while_nobody_is(run: Run, home: Path) -> None:
    place = Home(home).make()
    first, second = set_up_code(place), set_up_code(place)
    assert first is not None and second is not None and first != second
    with AccountsDatabase(place.accounts) as database:
        assert not Links(database).is_setup_code(first)
        assert Links(database).is_setup_code(second.lower().replace("-", " "))
    run("user", "add", BOB)
    assert set_up_code(place) is None
