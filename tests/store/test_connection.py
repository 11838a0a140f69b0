"""Opening SQLite files, and the error messages for failures."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import apsw
import pytest

from letrics.store.base import StoreAway, StoreCorrupt
from letrics.store.connection import Away, open_sqlite, transaction


def test_a_new_file_is_private_durable_and_in_wal_mode(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    connection = open_sqlite(path)
    connection.execute("CREATE TABLE t (x)")
    assert connection.pragma("journal_mode") == "wal"
    assert connection.pragma("synchronous") == 2
    assert connection.pragma("foreign_keys") == 0
    for name in ("a.db", "a.db-wal", "a.db-shm"):
        assert stat.S_IMODE((tmp_path / name).stat().st_mode) == 0o600
    connection.close()


def test_foreign_keys_are_enforced_where_asked(tmp_path: Path) -> None:
    connection = open_sqlite(tmp_path / "a.db", foreign_keys=True)
    connection.execute("CREATE TABLE a (x INTEGER PRIMARY KEY); CREATE TABLE b (x REFERENCES a)")
    with pytest.raises(apsw.ConstraintError):
        connection.execute("INSERT INTO b VALUES (1)")
    connection.close()


def test_a_missing_file_is_not_created_unless_asked(tmp_path: Path) -> None:
    with pytest.raises(StoreAway, match=r"a\.db cannot be opened"):
        open_sqlite(tmp_path / "a.db", create=False)
    assert not (tmp_path / "a.db").exists()


def test_a_missing_directory_is_named(tmp_path: Path) -> None:
    with pytest.raises(StoreAway, match=r"no/a\.db cannot be created or written: No such file"):
        open_sqlite(tmp_path / "no" / "a.db")


def test_a_file_of_another_kind_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    path.write_bytes(b"not a database, but long enough to be taken for one" * 100)
    with pytest.raises(StoreAway, match="is not a database"):
        open_sqlite(path)


def test_a_locked_file_is_said_to_be_locked(tmp_path: Path) -> None:
    first, second = open_sqlite(tmp_path / "a.db"), open_sqlite(tmp_path / "a.db", busy_ms=1)
    locked = pytest.raises(StoreAway, match="is locked by another process")
    with transaction(first), locked, Away(tmp_path / "a.db"), transaction(second):
        pass
    first.close()
    second.close()


def test_a_read_only_connection_does_not_write(tmp_path: Path) -> None:
    open_sqlite(tmp_path / "a.db").close()
    connection = open_sqlite(tmp_path / "a.db", read_only=True)
    with pytest.raises(apsw.ReadOnlyError):
        connection.execute("CREATE TABLE t (x)")
    connection.close()


def test_store_away_has_the_code_and_no_words_of_sqlite(tmp_path: Path) -> None:
    (tmp_path / "a.db").write_text("no database" * 100)
    with pytest.raises(StoreAway) as away:
        open_sqlite(tmp_path / "a.db")
    assert "is not a database of this program" in str(away.value) and "(SQLITE_NOTADB)" in str(away.value)
    assert "file is not a database" not in str(away.value)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_directory_without_permission_is_said_so(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o500)
    with pytest.raises(StoreAway, match="Permission denied"):
        open_sqlite(closed / "a.db")


def test_a_transaction_left_by_an_exception_is_rolled_back(tmp_path: Path) -> None:
    connection = open_sqlite(tmp_path / "a.db")
    connection.execute("CREATE TABLE t (x)")

    def write() -> None:
        with transaction(connection):
            connection.execute("INSERT INTO t VALUES (1)")
            raise KeyError

    with pytest.raises(KeyError):
        write()
    assert connection.execute("SELECT count(*) FROM t").get == 0
    assert not connection.in_transaction
    connection.close()


@pytest.mark.parametrize(
    ("sql", "words"),
    [("SELECT CAST(x'e1' AS TEXT)", "a text is not UTF-8"),
     ("INSERT INTO t VALUES ('no number')", "a row has a value that its table cannot have")],
)  # fmt: skip
def test_damaged_values_are_store_corrupt(tmp_path: Path, sql: str, words: str) -> None:
    connection = open_sqlite(tmp_path / "a.db")
    connection.execute("CREATE TABLE t (n INTEGER) STRICT")
    with pytest.raises(StoreCorrupt, match=f"{words}.*letrics check"), Away(tmp_path / "a.db"):
        connection.execute(sql).fetchall()
    connection.close()
