"""Restored states with a flipped bit: undoing an earlier import does not keep the record."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from letrics.identity.patches import ContactPatch
from letrics.store.base import StoreDamaged
from letrics.store.import_record import ImportStart
from letrics.store.postgres.postgres_store import PostgresStore
from letrics.store.sql import read_rows
from letrics.store.sqlite.store import SqliteStore
from letrics.store.tables.restored_states import former_seq, note_restored, restored_faults
from letrics.store.tables.sql_store import SqlStore
from tests.servers.postgres import new_database


@pytest.fixture(params=["sqlite", "postgres"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SqlStore]:
    """A contact that three imports changed, of which the last one is undone."""
    opened = SqliteStore.open(tmp_path / "l.db") if request.param == "sqlite" else PostgresStore.open(new_database())
    with opened as store:
        for title in ("CEO", "CFO", "CTO"):
            id = store.start_import(ImportStart(kind="contacts", file=f"{title}.csv"))
            store.put_contacts([ContactPatch(external_id="c1", company="f.example", job_title=title)], id)
            store.update_import(id, "done")
        while not store.undo_import(3).finished:
            pass
        assert store.integrity() == []
        yield store


def undo_second(store: SqlStore) -> int:
    done, restored = store.undo_import(2), 0
    while not done.finished:
        restored, done = restored + done.restored, store.undo_import(2)
    return restored


@pytest.mark.parametrize("column", ["seq", "former"])
def test_damaged_row_stops_the_undo_until_corrected(store: SqlStore, column: str) -> None:
    store.sql.execute(f"UPDATE restored SET {column} = {column} + 256")
    [fault] = store.integrity()
    assert "restored a former state is damaged" in fault and "corrects it" in fault
    with pytest.raises(StoreDamaged, match="cannot be undone safely"):
        store.undo_import(2)
    assert store.repair(lambda *_: None) == ["1 row of restored corrected"] and store.integrity() == []
    assert undo_second(store) == 1


def test_row_that_cannot_be_corrected_is_removed(store: SqlStore) -> None:
    store.sql.execute("UPDATE restored SET checksum = checksum + 1")
    [fault] = store.integrity()
    assert "removes it" in fault
    [words] = store.repair(lambda *_: None)
    assert words.startswith("1 damaged row of restored removed") and store.integrity() == []
    assert undo_second(store) == 0, "the record is kept, and named"


def test_row_of_an_earlier_version_is_used(store: SqlStore) -> None:
    store.sql.execute("UPDATE restored SET checksum = NULL")
    assert store.integrity() == [] and undo_second(store) == 1


def test_former_seq_is_never_a_later_one(store: SqlStore) -> None:
    note_restored(store.sql, [(7, 7)])
    with pytest.raises(StoreDamaged):
        former_seq(store.sql, 7)
    assert former_seq(store.sql, 6) is None


def test_states_are_stored_with_checksums(store: SqlStore) -> None:
    assert all(checksum is not None for (checksum,) in read_rows(store.sql, "SELECT checksum FROM restored"))


@pytest.mark.parametrize(("rows", "words"), [(20, None), (21, "1 more note on a restored former state is damaged"),
                                            (25, "5 more notes on restored former states are damaged")])  # fmt: skip
def test_restored_faults_beyond_twenty_are_counted(store: SqlStore, rows: int, words: str | None) -> None:
    note_restored(store.sql, [(number, number - 1) for number in range(1_000, 1_000 + rows - 1)])
    store.sql.execute("UPDATE restored SET checksum = checksum + 1")
    found = list(restored_faults(store.sql))
    assert found[20:] == ([] if words is None else [words])
