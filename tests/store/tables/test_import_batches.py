"""Batches of imports with a flipped bit: the import is not undone with wrong limits."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from letrics.identity.patches import ContactPatch
from letrics.store.base import StoreDamaged
from letrics.store.import_record import ImportStart, NotUndoable
from letrics.store.postgres.postgres_store import PostgresStore
from letrics.store.sql import read_value
from letrics.store.sqlite.store import SqliteStore
from letrics.store.tables.sql_store import SqlStore
from tests.servers.postgres import new_database

_COLUMNS = ("first_seq", "last_seq", "first_company", "end_company", "first_contact", "end_contact", "checksum")


@pytest.fixture(params=["sqlite", "postgres"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SqlStore]:
    """An import of four contacts in two batches."""
    opened = SqliteStore.open(tmp_path / "l.db") if request.param == "sqlite" else PostgresStore.open(new_database())
    with opened as store:
        id = store.start_import(ImportStart(kind="contacts", file="people.csv"))
        for part in ((0, 1), (2, 3)):
            store.put_contacts([ContactPatch(external_id=f"c{n}", company=f"f{n}.example") for n in part], id)
        store.update_import(id, "done")
        yield store


def test_undo_in_steps_keeps_the_checksums(store: SqlStore) -> None:
    deleted, done = 0, store.undo_import(1, 1)
    while not done.finished:
        assert store.integrity() == []
        deleted, done = deleted + done.deleted, store.undo_import(1, 1)
    assert deleted + done.deleted == 8 and store.integrity() == []


@pytest.mark.parametrize("column", _COLUMNS)
def test_damaged_batch_is_reported_and_not_used(store: SqlStore, column: str) -> None:
    store.sql.execute(f"UPDATE import_batch SET {column} = {column} + 64 WHERE first_seq > 0")
    assert [words.partition(":")[0] for words in store.integrity()] == ["a batch of import 1 is damaged"]
    with pytest.raises(StoreDamaged, match="cannot be undone safely"):
        store.undo_import(1)
    assert store.repair(lambda *_: None) == ["1 damaged row of import_batch removed: no undo of these imports"]
    assert store.integrity() == [] and store.counts().contacts == 4
    with pytest.raises(NotUndoable):
        store.undo_import(1)


def test_batch_of_another_import_stops_both_undos(store: SqlStore) -> None:
    """The link of a batch to its import is a part of its checksum, which says which import it was."""
    other = store.start_import(ImportStart(kind="contacts", file="more.csv"))
    store.put_contacts([ContactPatch(external_id="d1", company="f9.example")], other)
    store.update_import(other, "done")
    store.sql.execute("UPDATE import_batch SET import = ? WHERE import = 1 AND first_seq > 0", (other,))
    assert [words.partition(":")[0] for words in store.integrity()] == [
        f"a batch of import 1 is damaged, and counts for import {other}"
    ]
    for id in (1, other):
        with pytest.raises(StoreDamaged, match="cannot be undone safely"):
            store.undo_import(id)
    assert store.imports_of(2) == [(1, "made")]
    assert store.repair(lambda *_: None) == ["1 row of import_batch corrected"]
    assert store.integrity() == []
    assert sum(store.undo_import(1).deleted for _ in range(3)) == 8 and store.counts().contacts == 1


def test_batch_of_no_import_stops_the_undo(store: SqlStore) -> None:
    store.sql.execute("UPDATE import_batch SET import = 1025 WHERE first_seq > 0")
    with pytest.raises(StoreDamaged):
        store.undo_import(1)
    assert store.repair(lambda *_: None) and store.integrity() == []


def test_repair_of_a_batch_leaves_no_former_states(store: SqlStore) -> None:
    id = store.start_import(ImportStart(kind="contacts", file="more.csv"))
    store.put_contacts([ContactPatch(external_id="c0", company="f0.example", job_title="CTO")], id)
    store.update_import(id, "done")
    states = "SELECT count(*) FROM contact_before WHERE import = ?"
    assert read_value(store.sql, states, (id,)) == 1
    store.sql.execute("UPDATE import_batch SET last_seq = last_seq + 64 WHERE import = ?", (id,))
    assert store.repair(lambda *_: None) and read_value(store.sql, states, (id,)) == 0
    with pytest.raises(NotUndoable, match="cannot be undone any more"):
        store.undo_import(id)
    assert store.undo_import(1, 10).deleted == 3


def test_batch_without_a_checksum_is_undone(store: SqlStore) -> None:
    store.sql.execute("UPDATE import_batch SET checksum = NULL")
    assert store.integrity() == []
    assert sum(store.undo_import(1, 3).deleted for _ in range(4)) == 8
