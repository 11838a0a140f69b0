"""Texts that are not UTF-8, in every text column of every table: reported with the row, and repaired."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Final

import apsw
import pytest

from letrics.accounts.database import AccountsDatabase
from letrics.accounts.users import Users
from letrics.cli.repair import Repairable
from letrics.store.base import StoreAway
from letrics.store.connection import open_sqlite
from letrics.store.text_damage import damaged_texts, make_readable, text_faults
from tests.default_backends import open_store
from tests.office import CHEAP_HASHER
from tests.reliability.damaged_home import DamagedHome

_BAD: Final = "CAST(x'e12e637376' AS TEXT)"
_LEFT_OUT: Final = ("migration", "sqlite_sequence")
"""Tables that are not repaired: the checksums of migrations refuse the database, and the other one is SQLite's."""
_NAMED: Final = {
    "company": "the document of company num 0", "import": "import 1 ", "company_before": "the state of company num 0",
    "contact_merge": "the merge of ",
}  # fmt: skip
"""How other checks name the rows of these tables."""


def text_columns(connection: apsw.Connection) -> list[tuple[str, str]]:
    """The text columns of all tables that have rows."""
    sql = "SELECT t.name, c.name FROM sqlite_schema AS t, pragma_table_info(t.name) AS c WHERE c.type = 'TEXT'"
    return [
        (str(table), str(column)) for table, column in connection.execute(sql)
        if table not in _LEFT_OUT and connection.execute(f'SELECT count(*) FROM "{table}"').get
    ]  # fmt: skip


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with a row in every table that has texts."""
    home = DamagedHome(tmp_path_factory.mktemp("whole") / "home", tmp_path_factory.mktemp("files"))
    home.fill()
    connection = open_sqlite(home.database)
    connection.execute("INSERT INTO former_id VALUES (1, 'old')")
    connection.execute("INSERT INTO former_company_id VALUES ('co_0123456789ab', 1)")
    connection.execute("INSERT INTO follower VALUES ('host:1', 1, 1)")
    connection.execute("INSERT INTO lease VALUES ('index', 'host:1', 1)")
    connection.close()
    return home.database


def test_every_text_of_a_log_is_reported_and_repaired(whole: Path, tmp_path: Path) -> None:
    connection = open_sqlite(whole)
    columns = text_columns(connection)
    connection.close()
    assert len({table for table, _ in columns}) == 12
    for table, column in columns:
        path = tmp_path / f"{table}.{column}.db"
        shutil.copy(whole, path)
        connection = open_sqlite(path)
        key = ", ".join(_key(connection, table))
        row = f'({key}) = (SELECT {key} FROM "{table}" LIMIT 1)'
        row = "id = 1" if table == "import" else "num = 0" if table == "company_before" else row
        connection.execute(f'UPDATE "{table}" SET "{column}" = {_BAD} WHERE {row}')
        connection.close()
        with open_store(path) as store:
            faults = store.integrity()
            named = _NAMED.get(table, f"of the table {table} is not UTF-8")
            assert any(named in fault for fault in faults), (table, column, faults)
            assert not any("not all" in fault or "not checked" in fault for fault in faults), (table, column, faults)
            assert isinstance(store, Repairable) and store.repair(lambda *_: None), (table, column)
            assert store.integrity() == [], (table, column)
            assert store.imports() and store.describe() and store.position() and store.duplicates() is not None
            assert store.forgotten_days() and store.forgotten_list().people


def _key(connection: apsw.Connection, table: str) -> list[str]:
    sql = "SELECT name FROM pragma_table_info(?) WHERE pk > 0 ORDER BY pk"
    return [str(name) for (name,) in connection.execute(sql, (table,))]


def test_store_with_an_unreadable_position_refuses_to_write(whole: Path, tmp_path: Path) -> None:
    path = tmp_path / "l.db"
    shutil.copy(whole, path)
    connection = open_sqlite(path)
    connection.execute(f"UPDATE log SET id = {_BAD}")
    connection.close()
    with open_store(path) as store, pytest.raises(StoreAway, match="letrics check"):
        store.position()


def test_every_text_of_accounts_is_reported(tmp_path: Path) -> None:
    with AccountsDatabase(tmp_path / "accounts.db", hasher=CHEAP_HASHER) as accounts:
        Users(accounts).add("ann@people.example", password="correct horse")
        for table, column in text_columns(accounts.connection):
            with accounts.connection:
                accounts.connection.execute("PRAGMA ignore_check_constraints = ON")
                accounts.connection.execute(f'UPDATE "{table}" SET "{column}" = {_BAD}')
                assert any(f'"{table}"' in fault or table in fault for fault in accounts.faults()), (table, column)
                make_readable(accounts.connection)
                assert list(damaged_texts(accounts.connection)) == []


def test_text_of_a_key_is_replaced_by_what_can_be_read(tmp_path: Path) -> None:
    connection = open_sqlite(tmp_path / "l.db")
    connection.execute("CREATE TABLE t (a TEXT, b TEXT, n INTEGER, PRIMARY KEY (a, n)) STRICT, WITHOUT ROWID")
    connection.execute("INSERT INTO t VALUES ('x', 'y', 1), ('é', NULL, 2)")
    connection.execute(f"INSERT INTO t VALUES ({_BAD}, {_BAD}, 1)")
    assert list(text_faults(connection, fix="fix it")) == [
        "the text a of the row with a \\xe1.csv, n 1 of the table t is not UTF-8: fix it",
        "the text b of the row with a \\xe1.csv, n 1 of the table t is not UTF-8: fix it",
    ]
    assert list(text_faults(connection, frozenset({"t"}))) == []
    assert make_readable(connection, frozenset({"t"})) == 0
    assert make_readable(connection) == 2
    assert connection.execute("SELECT * FROM t ORDER BY a").fetchall() == [
        ("\\xe1.csv", "\\xe1.csv", 1), ("x", "y", 1), ("é", None, 2),
    ]  # fmt: skip
    connection.close()


def test_damaged_texts_are_listed_up_to_twenty(tmp_path: Path) -> None:
    connection = open_sqlite(tmp_path / "l.db")
    connection.execute("CREATE TABLE t (a TEXT) STRICT")
    for _ in range(23):
        connection.execute(f"INSERT INTO t VALUES ({_BAD})")
    found = list(text_faults(connection))
    assert len(found) == 21 and found[-1] == "more texts than these 20 are not UTF-8" and "rowid 1 " in found[0]
    assert make_readable(connection) == 23
    connection.close()
