"""Damaged rows of imports: named, listed with the others, undone and repaired."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from letrics.identity.patches import ContactPatch
from letrics.store.import_record import ImportStart
from letrics.store.postgres.postgres_store import PostgresStore
from letrics.store.sql import read_value
from letrics.store.sqlite.store import SqliteStore
from letrics.store.tables.sql_store import SqlStore
from tests.servers.postgres import new_database

_DAMAGE = {
    "mapping": b'{"Name":"full_name"',
    "changes": b'{"new":"1"}',
    "report": b"[]",
    "kind": "contactz",
    "file": "people.csw",
    "status": "dome",
    "started_at": "2026-01-01",
    "updated_at": "2026-01-01",
    "source": "crn",
    "checksum": 1,
}


@pytest.fixture(params=["sqlite", "postgres"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SqlStore]:
    """Three imports, each of one contact."""
    opened = SqliteStore.open(tmp_path / "l.db") if request.param == "sqlite" else PostgresStore.open(new_database())
    with opened as store:
        for number in range(3):
            start = ImportStart(kind="contacts", file="people.csv", source="crm", mapping={"Name": "full_name"})
            id = store.start_import(start)
            store.put_contacts(
                [ContactPatch(external_id=f"c{number}", company="a.example", full_name="Ann Archer")], id
            )
            store.update_import(id, "done", {"notes": ["Ann Archer"], "rows": 1})
        yield store


def harm(store: SqlStore, column: str) -> None:
    store.sql.execute(f'UPDATE import SET "{column}" = ? WHERE id = 2', (_DAMAGE[column],))


def test_imports_of_a_whole_table_are_whole(store: SqlStore) -> None:
    assert [record.damaged for record in store.imports()] == [False] * 3
    assert store.integrity() == [] and store.repair(lambda *_: pytest.fail("nothing is damaged")) == []


@pytest.mark.parametrize("column", _DAMAGE)
def test_damaged_import_is_named_undone_and_repaired(store: SqlStore, column: str) -> None:
    harm(store, column)
    assert [(record.id, record.damaged) for record in store.imports()] == [(3, False), (2, True), (1, False)]
    assert store.find_import(2).damaged and store.find_import(2).report == {}
    assert [words.partition(":")[0] for words in store.integrity()] == ["import 2 is damaged"]
    store.update_import(2, "done")
    assert store.find_import(2).damaged, "what writes to a damaged row does not hide that"
    assert store.undo_import(2).deleted == 1
    assert store.repair(lambda *_: None) == ["1 import repaired, without its report"]
    assert store.integrity() == [] and not store.find_import(2).damaged


def test_import_without_a_checksum_is_whole(store: SqlStore) -> None:
    store.sql.execute("UPDATE import SET checksum = NULL")
    assert store.integrity() == []
    store.update_import(2, "failed", {"rows": 2})
    assert read_value(store.sql, "SELECT count(*) FROM import WHERE checksum IS NULL") == 2


def test_forgetting_erases_a_report_that_cannot_be_read(store: SqlStore) -> None:
    store.sql.execute("UPDATE import SET report = ? WHERE id = 2", (b'{"notes":["Ann Archer" ',))
    store.forget([0])
    assert read_value(store.sql, "SELECT report FROM import WHERE id = 2") == b"{}"


@pytest.mark.parametrize("checksum", ["checksum", "NULL"])
@pytest.mark.parametrize("column", ["kind", "file", "source", "user", "status", "started_at", "updated_at"])
def test_text_that_is_not_utf8_is_repaired(tmp_path: Path, column: str, checksum: str) -> None:
    with SqliteStore.open(tmp_path / "l.db") as store:
        for name in ("a.csv", "b.csv"):
            id = store.start_import(ImportStart(kind="contacts", file=name))
            store.put_contacts([ContactPatch(external_id=name, company="a.example")], id)
            store.update_import(id, "done")
        store.sql.execute(
            f"""UPDATE import SET "{column}" = CAST(x'e12e637376' AS TEXT), checksum = {checksum} WHERE id = 1"""
        )
        assert [(record.file, record.damaged) for record in store.imports()] == [
            ("b.csv", False), ("\\xe1.csv" if column == "file" else "a.csv", True),
        ]  # fmt: skip
        assert [words.partition(":")[0] for words in store.integrity()] == ["import 1 is damaged"]
        assert store.repair(lambda *_: None) == ["1 import repaired, without its report"]
        assert store.integrity() == [] and store.undo_import(1).deleted == 1
