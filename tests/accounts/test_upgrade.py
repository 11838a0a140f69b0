"""The upgrade of an accounts database from before roles, which had only admins and members."""

from __future__ import annotations

import logging
import subprocess
import sys
from pathlib import Path

import apsw
import pytest

from letrics.accounts import secret
from letrics.accounts.database import AccountsDatabase, now_ms
from letrics.accounts.links import Links
from letrics.accounts.sessions import digest
from letrics.accounts.tokens import Tokens
from letrics.accounts.users import Users
from letrics.store.connection import open_sqlite
from letrics.store.migrate import load_migrations, migrate

WRITING, READING, REVOKED = (secret.make_secret() for _ in range(3))


def old_database(path: Path, *, admin: bool = True) -> None:
    """Create a database of the version before roles: ada (optionally an admin), bob, disabled cyd, tokens and links."""
    connection = open_sqlite(path, foreign_keys=True)
    migrate(connection, load_migrations("letrics.accounts.migrations")[:2])
    now = now_ms()
    for id, name in ((1, "ada"), (2, "bob"), (3, "cyd")):
        connection.execute(
            "INSERT INTO user (id, email, admin, created_at, disabled_at) VALUES (?, ?, ?, 1, ?)",
            (id, f"{name}@people.example", id == 1 and admin, now if id == 3 else None),
        )
    tokens = [
        (1, 1, "ada writes", "read write", secret.make_secret(), None),
        (2, 2, "bob writes", "read write", WRITING, None),
        (3, 2, "bob reads", "read", READING, None),
        (4, 2, "bob wrote", "write", REVOKED, now),
        (5, 3, "cyd writes", "write", secret.make_secret(), None),
    ]
    for id, user, name, scopes, text, revoked in tokens:
        connection.execute(
            "INSERT INTO token (id, user_id, name, scopes, digest, last_four, created_at, revoked_at) "
            "VALUES (?, ?, ?, ?, ?, ?, 1, ?)",
            (id, user, name, scopes, secret.digest(text), text[-4:], revoked),
        )
    for email, as_admin in (("dee@people.example", 1), ("eve@people.example", 0)):
        row = (digest(email), "invitation", email, as_admin, now, now + 60_000_000)
        connection.execute("INSERT INTO link VALUES (?, ?, ?, ?, ?, ?)", row)
    connection.execute(
        "INSERT INTO session (user_id, digest, created_at, last_seen_at, ends_at, user_agent, address) "
        "VALUES (1, x'00', 17, ?1, ?1 + 1000000, '', '')",
        (now,),
    )
    connection.close()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    old_database(tmp_path / "accounts.db")
    return tmp_path / "accounts.db"


def test_upgrade_maps_members_to_viewers(path: Path) -> None:
    with AccountsDatabase(path) as database:
        assert [user.role for user in Users(database).all()] == ["admin", "viewer", "viewer"]
        assert [(link.email[:3], link.role) for link in Links(database).pending()] == [
            ("dee", "admin"),
            ("eve", "viewer"),
        ]
        assert database.connection.execute("SELECT authenticated_at FROM session").get == 17


def test_upgrade_takes_write_from_members(path: Path) -> None:
    with AccountsDatabase(path) as database:
        stored = database.connection.execute("SELECT id, scopes, lowered_at NOTNULL FROM token ORDER BY id").fetchall()
        assert stored == [(1, "read write", 0), (2, "read", 1), (3, "read", 0), (4, "write", 0), (5, "read", 1)]
        Users(database).set_role("bob@people.example", "editor")
        assert Tokens(database).get(2).scopes == ("read",)


def test_upgrade_names_the_lowered_tokens_once(path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        AccountsDatabase(path).close()
        AccountsDatabase(path).close()
    (record,) = caplog.records
    said = record.getMessage()
    assert "2 (bob writes) of bob@people.example, 5 (cyd writes) of cyd@people.example" in said
    assert "ada writes" not in said and "bob reads" not in said and "bob wrote" not in said
    assert "ltr_" not in said and WRITING[-4:] not in said
    assert "letrics user role EMAIL editor" in said


def test_upgrade_without_admin_says_how_to_make_one(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    old_database(tmp_path / "accounts.db", admin=False)
    with caplog.at_level(logging.WARNING):
        AccountsDatabase(tmp_path / "accounts.db").close()
    assert "letrics user role EMAIL admin" in caplog.records[-1].getMessage()


def test_new_database_reports_nothing(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG), AccountsDatabase(tmp_path / "accounts.db") as database:
        Users(database).add("ada@people.example")
    assert caplog.records == []


def test_upgrade_by_a_command_is_printed(path: Path) -> None:
    command = [sys.executable, "-m", "letrics.cli", "user", "list", "--home", str(path.parent)]
    first, second = (subprocess.run(command, capture_output=True, text=True, check=True) for _ in range(2))
    assert "2 (bob writes) of bob@people.example" in first.stderr and "Traceback" not in first.stderr
    assert "bob writes" not in second.stderr and first.stdout == second.stdout
    roles = [line.split()[:2] for line in first.stdout.splitlines()]
    assert roles == [
        ["ada@people.example", "admin"],
        ["bob@people.example", "viewer"],
        ["cyd@people.example", "viewer"],
    ]


def test_upgrade_failing_leaves_the_old_database(path: Path) -> None:
    connection = apsw.Connection(str(path))
    connection.execute("CREATE TABLE valid_link (x)")  # makes the migration fail
    with pytest.raises(apsw.SQLError):
        AccountsDatabase(path)
    assert connection.execute("SELECT admin FROM user WHERE id = 1").get == 1
    connection.execute("DROP TABLE valid_link")
    connection.close()
    AccountsDatabase(path).close()
