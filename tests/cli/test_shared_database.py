"""Commands over a PostgreSQL database, which several hosts share."""

from __future__ import annotations

import json
from pathlib import Path

import psycopg
import pytest

from tests.cli.conftest import CONTACTS, Lines, Run
from tests.servers.postgres import free_port, new_database

ANN = "ann@people.example"


@pytest.fixture
def url(monkeypatch: pytest.MonkeyPatch) -> str:
    """The URL of a new database, which the settings name with a password that it does not need."""
    url = new_database()
    monkeypatch.setenv("LETRICS_DATABASE", url.replace("letrics@", "letrics:s3cret@"))
    return url


def test_missing_data_names_the_database(run: Run, home: Path, url: str) -> None:
    for command in ("status", "user list", "token list"):
        done = run(*command.split(), code=2)
        assert f"there is no data in {url}" in done.stderr and "s3cret" not in done.stderr + done.stdout
    assert not home.exists()


def test_users_and_records_are_those_of_the_database(run: Run, home: Path, lines: Lines, url: str) -> None:
    run("user", "add", ANN)
    run("import", lines("contacts.jsonl", CONTACTS))
    assert [user["email"] for user in json.loads(run("user", "list", "--json").stdout)] == [ANN]
    status = run("status", "--json").stdout
    assert json.loads(status)["contacts"] == len(CONTACTS) and "s3cret" not in status
    assert not (home / "letrics.db").exists() and not (home / "accounts.db").exists()


def test_command_of_a_host_without_a_home_is_recorded(run: Run, home: Path, url: str, tmp_path: Path) -> None:
    run("user", "add", ANN, "--home", tmp_path / "other")
    run("user", "list")
    assert not home.exists()
    run("token", "create", "--user", ANN, "--name", "crm")
    assert '"event":"token_created","result":"ok"' in (home / "security.log").read_text()


def test_host_whose_home_cannot_be_made_says_so(run: Run, url: str, tmp_path: Path) -> None:
    run("user", "add", ANN, "--home", tmp_path / "other")
    (tmp_path / "file").touch()
    made = run("token", "create", "--user", ANN, "--name", "crm", "--home", tmp_path / "file" / "home")
    assert "this command is missing in" in made.stderr


def test_upgrade_says_whether_the_database_is_old(run: Run, url: str) -> None:
    run("user", "add", ANN)
    assert run("upgrade").stdout == f"{url}: nothing to upgrade\n"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("DELETE FROM accounts_migration WHERE number = (SELECT max(number) FROM accounts_migration)")
    assert "first server or command" in run("upgrade", "--dry-run").stdout
    refused = run("upgrade", code=2).stderr
    assert "copy it before with pg_dump" in refused and "s3cret" not in refused


def test_unavailable_database_is_a_problem_of_the_environment(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LETRICS_DATABASE", f"postgresql://ann:s3cret@127.0.0.1:{free_port()}/letrics")
    for command in ("status", "user list", "import x.csv"):
        done = run(*command.split(), code=2 if command.startswith("import") else 3)
        assert "s3cret" not in done.stderr


def test_deletion_of_everything_names_the_database(run: Run, lines: Lines, url: str) -> None:
    run("import", lines("contacts.jsonl", CONTACTS))
    done = run("delete", "contacts", "--filter", "{}", code=2)
    assert f"this deletes ALL {len(CONTACTS)} contacts in {url}" in done.stderr
