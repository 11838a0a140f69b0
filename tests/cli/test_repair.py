"""`letrics check --repair`."""

from __future__ import annotations

import json
from pathlib import Path

from letrics.store.connection import open_sqlite
from tests.cli.conftest import Run


def damage(home: Path) -> None:
    connection = open_sqlite(home / "letrics.db")
    connection.execute("UPDATE contact SET document = x'7b22' WHERE num = 1")
    connection.execute("DELETE FROM company WHERE num = 1")
    connection.close()


def test_repair_backs_up_sets_aside_and_rebuilds(loaded: Run, home: Path) -> None:
    damage(home)
    assert "cannot be read" in loaded("check", code=1).stdout
    assert "pass --yes" in loaded("check", "--repair", code=2, store=None).stderr
    assert not (home / "before-repair").exists()
    done = loaded("check", "--repair", "--yes", store=None)
    assert "agree on 3 companies and 3 contacts" in done.stdout
    assert "1 contact document repaired or removed" in done.stderr
    (aside,) = (home / "before-repair").glob("*.jsonl")
    lines = [json.loads(line) for line in aside.read_text().splitlines()]
    assert [(line["kind"], line["num"], line["document"]) for line in lines] == [("contact", 1, '{"')]
    assert aside.stat().st_mode & 0o777 == 0o600
    assert "agree" in loaded("check", store=None).stdout


def test_backup_is_removed_where_nothing_had_to_be_repaired(loaded: Run, home: Path) -> None:
    done = loaded("check", "--repair", "--yes", store=None)
    assert "nothing had to be repaired in the database: that backup is removed" in done.stderr
    assert [path.name for path in (home / "before-repair").iterdir() if path.is_dir()] == []
    assert "agree on 4 companies and 4 contacts" in done.stdout


def test_database_that_cannot_be_copied_is_left_alone(loaded: Run, home: Path) -> None:
    path = home / "letrics.db"
    data = bytearray(path.read_bytes())
    data[4096 : len(data)] = bytes(len(data) - 4096)
    path.write_bytes(data)
    before = path.read_bytes()
    assert "damaged" in loaded("check", "--repair", "--yes", code=3, store=None).stderr
    assert path.read_bytes() == before


def damage_page(home: Path, table: str) -> None:
    """Overwrite the first page of a table, as a failing disk would."""
    path = home / "letrics.db"
    connection = open_sqlite(path)
    found = connection.execute("SELECT rootpage FROM sqlite_schema WHERE name = ?", (table,)).fetchall()
    page = int(str(found[0][0]))
    connection.close()
    data = bytearray(path.read_bytes())
    data[4096 * (page - 1) : 4096 * page] = b"\xff" * 4096
    path.write_bytes(data)


def test_damaged_file_is_named_and_not_its_copy(loaded: Run, home: Path, tmp_path: Path) -> None:
    damage_page(home, "contact")
    fix = "letrics.db is damaged: restore it from a backup (letrics restore)"
    for command in (("check", "--repair", "--yes"), ("backup", str(tmp_path / "backups"))):
        error = loaded(*command, code=3, store=None).stderr
        assert f"{home}/{fix}" in error
        assert "unfinished" not in error
