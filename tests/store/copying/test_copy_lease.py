"""One copy into a database at a time."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from letrics.store.copying.copier import CannotCopy, copy_store
from letrics.store.copying.copy_lease import NAME, CopyRuns, only_copy
from letrics.store.sqlite import SqliteStore
from letrics.store.tables.leases import acquire_lease
from letrics.store.tables.sql_store import SqlStore
from tests.matrix.databases import open_postgres
from tests.servers.postgres import new_database

HOUR_MS = 3_600_000


def ignore(_table: str, _done: int, _count: int) -> None:
    """No progress is shown."""


@pytest.fixture
def target(tmp_path: Path) -> Iterator[SqlStore]:
    with SqliteStore.open(tmp_path / "target.db") as store:
        yield store


def hold(store: SqlStore, holder: str) -> None:
    with store.sql.writing():
        assert acquire_lease(store.sql, NAME, holder, 600, store.now_ms())


def test_second_copy_is_refused_until_the_first_ends(target: SqlStore) -> None:
    with only_copy(target.sql, target.now_ms(), ignore):
        with pytest.raises(CopyRuns, match=r"another copy into .*target.db is running"):
            only_copy(target.sql, target.now_ms(), ignore).__enter__()
        with only_copy(target.sql, target.now_ms() + HOUR_MS, ignore):
            pass
    with only_copy(target.sql, target.now_ms(), ignore):
        pass


def test_copy_of_a_killed_process_is_taken_over_at_once(target: SqlStore) -> None:
    command = [sys.executable, "-c", "from letrics.store.import_process import *; print(name_process())"]
    ended = subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    hold(target, f"{ended} 01234567")
    with only_copy(target.sql, target.now_ms(), ignore):
        pass


def test_copy_on_another_machine_is_not_taken_over(target: SqlStore, tmp_path: Path) -> None:
    hold(target, "other:pid 7 7 01234567")
    with SqliteStore.open(tmp_path / "source.db") as source, pytest.raises(CannotCopy, match="is running: wait"):
        copy_store(source, target, ignore)


def test_two_copies_into_one_postgres_database_are_excluded(tmp_path: Path) -> None:
    from letrics.store.postgres.postgres_store import PostgresStore

    url = new_database()
    with SqliteStore.open(tmp_path / "source.db") as source, PostgresStore.open(url) as target:

        def copy_again() -> None:
            with PostgresStore.open(url, copying=True) as second, pytest.raises(CannotCopy, match="is running"):
                copy_store(source, second, ignore)

        copy_store(source, target, ignore, beside=copy_again)
        connection = open_postgres(url, 0)
        assert connection.execute("SELECT name FROM lease").fetchall() == []
        connection.close()
