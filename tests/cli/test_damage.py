"""Commands that end in an unexpected error: a damaged database is named, a bug is not hidden."""

from __future__ import annotations

from pathlib import Path

import pytest

from letrics.store.base import StoreAway, StoreCorrupt
from letrics.store.connection import open_sqlite
from tests.cli.conftest import Run


def harm(home: Path, sql: str) -> None:
    connection = open_sqlite(home / "letrics.db")
    connection.execute(sql)
    connection.close()


def test_unexpected_error_on_a_damaged_database_names_it(
    loaded: Run, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise TypeError("of a value that cannot be there")

    harm(home, "UPDATE contact SET document = x'7b' WHERE num = 1")
    monkeypatch.setattr("letrics.cli.imports._line", fail)
    shown = loaded("imports", code=3).stderr
    assert "the database is damaged, which ended this command (TypeError): the document of contact num 1" in shown
    assert "Run `letrics check`" in shown and "restore a backup" in shown


def test_unexpected_error_on_a_sound_database_is_raised(loaded: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise TypeError("a bug")

    monkeypatch.setattr("letrics.cli.imports._line", fail)
    with pytest.raises(TypeError, match="a bug"):
        loaded("imports")


def test_damaged_row_that_a_command_needs_ends_it(loaded: Run, home: Path) -> None:
    harm(home, "UPDATE log SET next_contact = 1 << 50")
    shown = loaded("export", "contacts", "-o", "-", code=3).stderr
    assert "the row 1 of the table log" in shown and "restore a backup" in shown


def test_key_that_is_none_ends_an_import(loaded: Run, home: Path) -> None:
    harm(home, "UPDATE recent_key SET mark = 1 << 40")
    row = '{"id": "c1", "full_name": "Ann"}\n'
    assert "of the table recent_key" in loaded("import", "-", "--kind", "contacts", code=3, input=row).stderr
    assert "more than 32 bits" in loaded("check", code=1).stdout


def test_file_that_is_damaged_is_named(loaded: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise TypeError("of a value that cannot be there")

    def be_corrupt(*_: object) -> None:
        raise StoreCorrupt("letrics.db is damaged")

    monkeypatch.setattr("letrics.cli.imports._line", fail)
    monkeypatch.setattr("letrics.store.sqlite.store.SqliteStore.integrity", be_corrupt)
    assert "letrics.db is damaged" in loaded("imports", code=3).stderr


def test_database_that_is_away_does_not_hide_a_bug(loaded: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise TypeError("a bug")

    def be_away(*_: object) -> None:
        raise StoreAway("it is locked by another process")

    monkeypatch.setattr("letrics.cli.imports._line", fail)
    monkeypatch.setattr("letrics.store.sqlite.store.SqliteStore.integrity", be_away)
    with pytest.raises(TypeError, match="a bug"):
        loaded("imports")
