"""`letrics upgrade` of files that version 0.1.0 wrote, and the way back."""

from __future__ import annotations

import json
import socket
from pathlib import Path

import pytest

from letrics.store.connection import open_sqlite
from letrics.store.migrate import load_migrations, migrate
from tests.cli.conftest import Run
from tests.old_log import write_old_log


@pytest.fixture
def old_home(home: Path) -> Path:
    """A home of version 0.1.0, with records, an admin and a member."""
    home.mkdir(mode=0o700)
    write_old_log(home / "letrics.db")
    connection = open_sqlite(home / "accounts.db", foreign_keys=True)
    migrate(connection, load_migrations("letrics.accounts.migrations")[:2])
    for id, name in ((1, "ada"), (2, "bob")):
        connection.execute(
            "INSERT INTO user (id, email, admin, created_at) VALUES (?, ?, ?, 1)", (id, f"{name}@x.example", id == 1)
        )
    connection.close()
    (home / "letrics.toml").write_text("port = 9000\n")
    return home


def formats(home: Path) -> list[int]:
    found = []
    for name in ("letrics.db", "accounts.db"):
        connection = open_sqlite(home / name, create=False, read_only=True)
        found.append(int((connection.execute("SELECT max(number) FROM migration").fetchone() or (0,))[0]))
        connection.close()
    return found


def test_upgrade_copies_first_and_goes_back(run: Run, old_home: Path) -> None:
    shown = json.loads(run("upgrade", "--dry-run", "--json").stdout)
    assert not shown["upgraded"] and [each["format"] for each in shown["files"]] == formats(old_home) == [3, 2]
    done = json.loads(run("upgrade", "--json").stdout)
    copies = Path(done["copies"])
    assert copies.parent == old_home and formats(copies) == [3, 2] and (copies / "letrics.toml").exists()
    assert copies.stat().st_mode & 0o777 == 0o700 and (copies / "letrics.db").stat().st_mode & 0o777 == 0o600
    new = formats(old_home)
    assert new == [each["known"] for each in done["files"]]
    assert "ada@x.example" in run("user", "list").stdout
    assert "nothing to upgrade" in run("upgrade").stdout

    back = run("upgrade", "--back", copies.name)
    assert "install the earlier version" in back.stdout
    assert formats(old_home) == [3, 2] and copies.exists()
    [aside] = old_home.glob("after-*")
    assert formats(aside) == new
    again = Path(json.loads(run("upgrade", "--json").stdout)["copies"])
    assert again.name == f"{copies.name}-2" and formats(old_home) == new


def test_going_back_tells_that_copies_may_have_forgotten_people(run: Run, old_home: Path) -> None:
    copies = json.loads(run("upgrade", "--json").stdout)["copies"]
    run("forget", "jane@x.example", "--yes")
    back = run("upgrade", "--back", copies, "--json")
    assert "know 1 person who had been forgotten" in back.stderr and json.loads(back.stdout)["forgotten"] == 1


@pytest.mark.parametrize("fate", ["damaged", "too new"])
def test_going_back_from_a_database_that_cannot_be_read(run: Run, old_home: Path, fate: str) -> None:
    copies = json.loads(run("upgrade", "--json").stdout)["copies"]
    path = old_home / "letrics.db"
    if fate == "damaged":
        path.write_bytes(b"\xff" * path.stat().st_size)
    else:
        connection = open_sqlite(path)
        connection.execute("UPDATE migration SET number = 9999 WHERE number = (SELECT max(number) FROM migration)")
        connection.close()
    assert json.loads(run("upgrade", "--back", copies, "--json").stdout)["forgotten"] == 0
    assert formats(old_home) == [3, 2]


def test_upgrade_back_refuses_while_a_server_runs(run: Run, old_home: Path) -> None:
    copies = json.loads(run("upgrade", "--json").stdout)["copies"]
    with socket.socket(socket.AF_UNIX) as served:
        served.bind(str(old_home / "engine.sock"))
        served.listen()
        assert "stop it first" in run("upgrade", "--back", copies, code=3).stderr
    assert "no copies" in run("upgrade", "--back", str(old_home / "index"), code=3).stderr
    assert not list(old_home.glob("after-*"))


def test_upgrade_without_space_changes_nothing(run: Run, old_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda _: type("Usage", (), {"free": 10})())
    assert "free some space" in run("upgrade", code=3).stderr
    assert formats(old_home) == [3, 2] and not list(old_home.glob("*before-*"))
