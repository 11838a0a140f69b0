"""The journals of imports: dropped when they are old, without a look at every import there ever was."""

from __future__ import annotations

from pathlib import Path

import pytest

from letrics.identity.patches import ContactPatch
from letrics.store.import_record import UPSERT_FILE, ImportStart, NotUndoable
from letrics.store.sql import read_rows
from letrics.store.sqlite import SqliteStore

START = ImportStart(kind="contacts", file="crm.csv")


def ann(title: str) -> ContactPatch:
    return ContactPatch(external_id="ann", company="acme.example", full_name="Ann Archer", job_title=title)


def test_journal_of_an_old_import_is_dropped(tmp_path: Path) -> None:
    now = ["2026-01-01T00:00:00.000Z"]
    with SqliteStore.open(tmp_path / "log.db", clock=lambda: now[0]) as store:
        old, newer = (store.upsert(START, [ann(title)], {}).import_id for title in ("CEO", "CFO"))
        now[0] = "2026-03-31T00:00:00.000Z"
        store.upsert(START, [ann("CTO")], {})
        assert old is not None
        assert newer is not None
        assert not store.undo_import(newer).finished
        now[0] = "2026-05-01T00:00:00.000Z"
        store.upsert(START, [ann("COO")], {})
        with pytest.raises(NotUndoable, match="cannot be undone any more"):
            store.undo_import(old)
        left = read_rows(store._connection, "SELECT DISTINCT import FROM import_batch ORDER BY 1")
        assert (old,) not in left
        while not store.undo_import(newer).finished:  # it was begun in time
            pass


def test_old_upsert_is_deleted_and_its_id_not_given_again(tmp_path: Path) -> None:
    now = ["2026-01-01T00:00:00.000Z"]
    upsert = ImportStart(kind="contacts", file=UPSERT_FILE)
    with SqliteStore.open(tmp_path / "log.db", clock=lambda: now[0]) as store:
        old = [store.upsert(start, [ann(title)], {}).import_id for start, title in ((START, "CEO"), (upsert, "CFO"))]
        now[0] = "2026-05-01T00:00:00.000Z"
        new = store.start_import(START)
        assert [record.id for record in store.imports()] == [new, old[0]]
        assert new not in old


def test_old_journals_are_found_by_an_index(store: SqliteStore) -> None:
    sql = "EXPLAIN QUERY PLAN SELECT id FROM import WHERE undoable AND updated_at < ? AND status <> 'undoing'"
    [plan] = read_rows(store._connection, sql, ("2026",))
    assert "import_undoable" in plan[-1]
