"""Large batches are copied from the write-ahead log into the database in the background."""

from __future__ import annotations

import threading
from pathlib import Path

import apsw

from letrics.identity.patches import CompanyPatch
from letrics.store.sqlite import SqliteStore
from letrics.store.sqlite.checkpoint import Checkpointer
from letrics.store.tables.store_limits import StoreLimits
from tests.waiting import wait_for


def copied(path: Path) -> bool:
    """Whether all pages of the write-ahead log have been copied into the database."""
    connection = apsw.Connection(str(path))
    connection.pragma("schema_version")  # without a first read, the connection has not opened the log
    frames, done = connection.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_NOOP)
    connection.close()
    return frames == done > 0


def put(store: SqliteStore, start: int) -> None:
    store.put_companies([CompanyPatch(domain=f"company{n}.example") for n in range(start, start + 100)])


def test_large_batch_is_copied_in_the_background(tmp_path: Path) -> None:
    path = tmp_path / "log.db"
    with SqliteStore.open(path, limits=StoreLimits(large_batch_rows=100)) as store:
        for start in (0, 100, 200):
            put(store, start)
        assert any(thread.name == "checkpoints" for thread in threading.enumerate())
        assert wait_for(lambda: copied(path), 30)
        store._checkpointer.close()
        assert not any(thread.name == "checkpoints" for thread in threading.enumerate())
        put(store, 300)
        assert store.counts().companies == 400


def test_a_small_batch_begins_no_thread(tmp_path: Path) -> None:
    with SqliteStore.open(tmp_path / "log.db") as store:
        put(store, 0)
        assert not any(thread.name == "checkpoints" for thread in threading.enumerate())


def test_a_file_that_cannot_be_opened_is_the_writers_business(tmp_path: Path) -> None:
    checkpointer = Checkpointer(tmp_path / "none.db")
    checkpointer.wake()
    checkpointer.close()
    assert not (tmp_path / "none.db").exists()
