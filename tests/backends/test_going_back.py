"""What is lost when the copies from before an upgrade are put back."""

from __future__ import annotations

from pathlib import Path

import pytest

from letrics.accounts.database import AccountsDatabase
from letrics.accounts.tokens import Tokens
from letrics.accounts.users import Users
from letrics.backends.going_back import describe_losses
from letrics.backends.upgrading import copy_files
from letrics.identity.patches import ContactPatch
from letrics.settings import Home
from letrics.store.connection import open_sqlite
from letrics.store.import_record import ImportStart
from letrics.store.migrate import load_migrations, migrate
from tests.default_backends import open_store
from tests.office import CHEAP_HASHER
from tests.old_log import write_old_log

_BACKUPS = "the earlier version cannot restore backups that this one has made"


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A home with three contacts, users and a token."""
    home = Home(tmp_path / "home").make()
    with open_store(home.database) as store:
        store.put_contacts([ContactPatch(external_id=f"c{n}", company="f.example") for n in range(3)])
    with AccountsDatabase(home.accounts, hasher=CHEAP_HASHER) as accounts:
        users = Users(accounts)
        users.add("ada@x.example", password="correct horse")
        users.add("bob@x.example", password="correct horse", role="admin")
        users.add("eve@x.example", password="correct horse")
        Tokens(accounts).create("ada@x.example", "crm", ["read"])
    return home


def copied(home: Home) -> Path:
    return copy_files(home, lambda *_: None)


def test_unchanged_home_loses_only_its_later_backups(home: Home) -> None:
    assert describe_losses(home, copied(home)) == [_BACKUPS]


def test_changes_since_the_copies_are_named(home: Home) -> None:
    copies = copied(home)
    with open_store(home.database) as store:
        id = store.start_import(ImportStart(kind="contacts", file="more.csv"))
        store.put_contacts([ContactPatch(external_id="c7", company="f.example")], id)
        store.delete("contacts", [0])
    with AccountsDatabase(home.accounts, hasher=CHEAP_HASHER) as accounts:
        users, tokens = Users(accounts), Tokens(accounts)
        users.add("new@x.example")
        users.disable("eve@x.example")
        users.set_role("bob@x.example", "viewer")
        users.set_password("ada@x.example", "another horse")
        tokens.revoke(1)
        tokens.create("ada@x.example", "bi", ["read"])
        accounts.connection.execute("UPDATE user SET totp_secret = x'00' WHERE id = 1")
    (home.path / "letrics.toml").write_text("port = 9000\n")
    assert describe_losses(home, copies) == [
        "2 changes of records since the upgrade are lost",
        "1 import since the upgrade is lost: import again",
        "1 record is back, because it was deleted or merged since the upgrade: delete or merge again",
        "users who may sign in again, because they were disabled or deleted since the upgrade: eve@x.example",
        "users who have the password of before the upgrade again: ada@x.example",
        "users who are admins again: bob@x.example",
        "users who sign in without a second factor again: ada@x.example",
        "users who are lost, because they were added since the upgrade: new@x.example",
        "tokens that are valid again, because they were revoked since the upgrade: 1 (crm)",
        "tokens that are lost, because they were created since the upgrade: 2 (bi)",
        "letrics.toml has changed and stays as it is: the earlier version refuses settings that it does not know",
        _BACKUPS,
    ]


def test_tokens_of_a_deleted_user_are_valid_again(home: Home) -> None:
    copies = copied(home)
    with AccountsDatabase(home.accounts, hasher=CHEAP_HASHER) as accounts:
        Users(accounts).delete("ada@x.example")
    found = describe_losses(home, copies)
    assert "tokens that are valid again, because they were revoked since the upgrade: 1 (crm)" in found


def test_copies_of_the_first_version_are_compared(tmp_path: Path) -> None:
    home = Home(tmp_path / "home").make()
    write_old_log(home.database)
    connection = open_sqlite(home.accounts, foreign_keys=True)
    migrate(connection, load_migrations("letrics.accounts.migrations")[:2])
    connection.execute("INSERT INTO user (id, email, admin, created_at) VALUES (1, 'ada@x.example', 1, 1)")
    connection.close()
    copies = copied(home)
    with open_store(home.database), AccountsDatabase(home.accounts) as accounts:
        Users(accounts).add("bob@x.example", role="admin")
        Users(accounts).set_role("ada@x.example", "viewer")
    found = describe_losses(home, copies)
    assert "users who are admins again: ada@x.example" in found
    assert any(words.startswith("users who are viewers now may change records again") for words in found)


@pytest.mark.parametrize("harm", [b"\xff" * 10_000, b""])
@pytest.mark.parametrize("name", ["letrics.db", "accounts.db"])
def test_file_that_cannot_be_read_is_named(home: Home, name: str, harm: bytes) -> None:
    copies = copied(home)
    for end in ("-wal", "-shm"):
        (home.path / f"{name}{end}").unlink(missing_ok=True)
    (home.path / name).write_bytes(harm)
    assert [words for words in describe_losses(home, copies) if words.startswith(f"{name} cannot be read")]


def test_other_database_in_place_of_the_upgraded_one_is_named(home: Home) -> None:
    copies = copied(home)
    connection = open_sqlite(home.database)
    connection.execute("UPDATE log SET id = 'other'")
    connection.close()
    assert describe_losses(home, copies)[0].startswith("the newer records are those of another database")
