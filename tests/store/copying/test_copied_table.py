"""Every table is copied with all of its columns, or has a reason not to be."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import Final

import pytest

from letrics.accounts.account_tables import ACCOUNTS
from letrics.accounts.database import AccountsDatabase
from letrics.store.connection import SqliteConnection
from letrics.store.copying.copied_table import CONTACT_KEY, LOG, RECORDS, WHOLE, CopiedTable
from letrics.store.sqlite import SqliteStore

LEFT_OUT: Final = {
    "migration": "each database has its own",
    "recent_key": "its keys are copied into contact_key",
    "recent_state": "counts the keys of recent_key",
    "follower": "others follow the copy",
    "lease": "is taken again",
}


def tables(connection: SqliteConnection) -> dict[str, list[str]]:
    """The columns of each table."""
    found = defaultdict[str, list[str]](list)
    sql = (
        "SELECT t.name, c.name FROM pragma_table_list AS t, pragma_table_info(t.name) AS c "
        "WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite%'"
    )
    for table, column in connection.execute(sql):
        found[table].append(column)
    return found


def check(connection: SqliteConnection, copied: tuple[CopiedTable, ...]) -> None:
    expected = {name: sorted(columns) for name, columns in tables(connection).items() if name not in LEFT_OUT}
    assert {table.name: sorted(table.columns) for table in copied} == expected


def test_every_table_of_a_log_is_copied(tmp_path: Path) -> None:
    with SqliteStore.open(tmp_path / "log.db") as store:
        check(store._connection, (*RECORDS, CONTACT_KEY, *WHOLE, LOG))


def test_every_table_of_accounts_is_copied(tmp_path: Path) -> None:
    with AccountsDatabase(tmp_path / "accounts.db") as accounts:
        check(accounts.connection, ACCOUNTS)


@pytest.mark.parametrize("table", [*RECORDS, CONTACT_KEY, *WHOLE, *ACCOUNTS], ids=lambda table: table.name)
def test_key_of_a_copied_table_identifies_a_row(table: CopiedTable, tmp_path: Path) -> None:
    with SqliteStore.open(tmp_path / "log.db") as store, AccountsDatabase(tmp_path / "accounts.db") as accounts:
        connection = accounts.connection if table in ACCOUNTS else store._connection
        sql = "SELECT name FROM pragma_table_info(?) WHERE pk > 0 ORDER BY pk"
        assert [name for (name,) in connection.execute(sql, (table.name,))] == list(table.key)
        [(made,)] = connection.execute("SELECT sql FROM sqlite_schema WHERE name = ?", (table.name,)).fetchall()
        is_counted = "AUTOINCREMENT" in str(made)
        assert table.counted or not is_counted or table.name == "import"  # whose ids the program makes itself
