"""Rows that say which company was merged into which other one, with a flipped bit."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from letrics.identity.patches import CompanyPatch
from letrics.store.base import StoreDamaged
from letrics.store.import_record import ImportStart
from letrics.store.postgres.postgres_store import PostgresStore
from letrics.store.sqlite.store import SqliteStore
from letrics.store.tables.merged_companies import joined_company
from letrics.store.tables.sql_store import SqlStore
from tests.servers.postgres import new_database

PAGE = "https://www.linkedin.com/company/acme"


@pytest.fixture(params=["sqlite", "postgres"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SqlStore]:
    """An import that merged company 1 into company 0, and another company."""
    opened = SqliteStore.open(tmp_path / "l.db") if request.param == "sqlite" else PostgresStore.open(new_database())
    with opened as store:
        store.put_companies([CompanyPatch(domain="a.example"), CompanyPatch(linkedin_url=PAGE, name="A")])
        store.put_companies([CompanyPatch(domain="b.example")])
        id = store.start_import(ImportStart(kind="companies", file="companies.csv"))
        store.put_companies([CompanyPatch(domain="a.example", linkedin_url=PAGE)], id)
        store.update_import(id, "done")
        assert joined_company(store.sql, 1) == 0 and store.integrity() == []
        yield store


@pytest.mark.parametrize(("column", "value"), [("kept", 2), ("import", 5)])
def test_damaged_row_is_reported_and_corrected(store: SqlStore, column: str, value: int) -> None:
    store.sql.execute(f'UPDATE merged_company SET "{column}" = ?', (value,))
    [fault] = store.integrity()
    assert fault.startswith("the merge of company num 1 into another one is damaged") and "corrects it" in fault
    with pytest.raises(StoreDamaged, match="merged_company"):
        joined_company(store.sql, 1)
    assert store.repair(lambda *_: None) == ["1 row of merged_company corrected"] and store.integrity() == []
    assert joined_company(store.sql, 1) == 0 and store.undo_import(1).restored == 1


@pytest.mark.parametrize("kept", [2, 257])  # another company, and none
def test_undo_with_a_damaged_merge_is_refused_until_it_is_repaired(store: SqlStore, kept: int) -> None:
    store.sql.execute("UPDATE merged_company SET kept = ?", (kept,))
    with pytest.raises(StoreDamaged, match="cannot be undone safely"):
        store.undo_import(1)
    store.repair(lambda *_: None)
    assert store.undo_import(1).restored == 1


def test_repair_removes_a_merge_that_nothing_corrects(store: SqlStore) -> None:
    store.sql.execute("UPDATE merged_company SET checksum = 5")
    [words] = store.repair(lambda *_: None)
    assert words.startswith("1 damaged row of merged_company removed") and store.integrity() == []
    assert joined_company(store.sql, 1) == 1
