"""Former states with a flipped byte in one of their cells: never restored, named by the check and by the undo."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from letrics.identity.patches import CompanyPatch, ContactPatch
from letrics.store.import_record import ImportStart, Undone
from letrics.store.postgres.postgres_store import PostgresStore
from letrics.store.sql import read_rows, read_value
from letrics.store.sqlite.store import SqliteStore
from letrics.store.tables.checksums import sum_in_sql, sum_of
from letrics.store.tables.former_states import STATE_NUMBERS, StateTable
from letrics.store.tables.sql_store import SqlStore
from tests.servers.postgres import new_database


@pytest.fixture(params=["sqlite", "postgres"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SqlStore]:
    """Three contacts at three companies, all of which an import has changed."""
    opened = SqliteStore.open(tmp_path / "l.db") if request.param == "sqlite" else PostgresStore.open(new_database())
    with opened as store:
        put(store, "CEO", "Firm", None)
        put(store, "CFO", "Company", store.start_import(ImportStart(kind="contacts", file="people.csv")))
        store.update_import(1, "done")
        yield store


def put(store: SqlStore, title: str, name: str, of_import: int | None) -> None:
    rows = [ContactPatch(external_id=f"c{n}", company=f"f{n}.example", job_title=title) for n in range(3)]
    store.put_contacts(rows, of_import)
    store.put_companies([CompanyPatch(domain=f"f{n}.example", name=f"{name} {n}") for n in range(3)], of_import)


def undo(store: SqlStore) -> Undone:
    """The effect of all steps of undoing the import."""
    steps = [store.undo_import(1, 2)]
    while not steps[-1].finished:
        steps.append(store.undo_import(1, 2))
    kept, damaged = ([one for step in steps for one in getattr(step, name)] for name in ("kept", "damaged"))
    return Undone(restored=sum(step.restored for step in steps), kept=tuple(kept), damaged=tuple(damaged))


def harm(store: SqlStore, table: str, change: str) -> None:
    """Change cells of the state of the record with the num 1. Documents are changed as bytes in both databases."""
    store.sql.execute(f"UPDATE {table}_before SET {change} WHERE num = 1")


def flip_document(store: SqlStore, table: str, place: int, bit: int) -> None:
    document = bytearray(read_value(store.sql, f"SELECT document FROM {table}_before WHERE num = 1"))
    document[place % len(document)] ^= 1 << bit
    store.sql.execute(f"UPDATE {table}_before SET document = ? WHERE num = 1", (bytes(document),))


def titles(store: SqlStore) -> list[str]:
    return [
        "CEO" if document is not None and b'"job_title":"CEO"' in document else "CFO"
        for document in store.documents("contacts", range(3))
    ]


def names(store: SqlStore) -> list[str]:
    return [
        "Firm" if document is not None and b'"name":"Firm ' in document else "Company"
        for document in store.documents("companies", range(3))
    ]


def test_undo_restores_whole_states(store: SqlStore) -> None:
    assert store.integrity() == []
    assert undo(store) == Undone(restored=6)
    assert (titles(store), names(store), store.integrity()) == (["CEO"] * 3, ["Firm"] * 3, [])


@pytest.mark.parametrize("change", ["seq = 99", "company = 2", "external = 0", "digest = 77", "checksum = 1"])
def test_contact_with_a_damaged_state_is_kept(store: SqlStore, change: str) -> None:
    harm(store, "contact", change)
    [found] = store.integrity()
    assert found.startswith("the state of contact num 1 (id 'c1') before import 1 is not the one that was written")
    assert undo(store) == Undone(restored=5, kept=(("contacts", "c1"),), damaged=(("contacts", "c1"),))
    assert (titles(store), store.integrity()) == (["CEO", "CFO", "CEO"], [])


@pytest.mark.parametrize("change", ["seq = 99", "domain = 'e1.example'", "checksum = 1"])
def test_company_with_a_damaged_state_is_kept(store: SqlStore, change: str) -> None:
    harm(store, "company", change)
    [found] = store.integrity()
    assert found.startswith("the state of company num 1 (id 'f1.example') before import 1 ")
    assert undo(store) == Undone(
        restored=5, kept=(("companies", "f1.example"),), damaged=(("companies", "f1.example"),)
    )
    assert (names(store), store.integrity()) == (["Firm", "Company", "Firm"], [])


@pytest.mark.parametrize("table", ["contact", "company"])
@pytest.mark.parametrize("place", [0, 8, 40, -2])
def test_flipped_bit_of_a_document_is_not_restored(store: SqlStore, table: str, place: int) -> None:
    flip_document(store, table, place, 2)
    assert len(store.integrity()) == 1
    done = undo(store)
    assert (done.restored, len(done.kept), done.kept == done.damaged, store.integrity()) == (5, 1, True, [])


def test_state_of_no_record_is_named_by_its_id(store: SqlStore) -> None:
    harm(store, "contact", "num = 77")
    assert len(store.integrity()) == 1
    assert undo(store).damaged == (("contacts", "c1"),)
    assert titles(store) == ["CEO", "CFO", "CEO"]


def test_state_without_a_checksum_is_restored(store: SqlStore) -> None:
    for table in ("contact", "company"):
        harm(store, table, "checksum = NULL")
    assert store.integrity() == []
    assert undo(store) == Undone(restored=6)


def test_document_damaged_before_an_import_is_not_restored(store: SqlStore) -> None:
    document = read_value(store.sql, "SELECT document FROM contact WHERE num = 0").replace(b"CFO", b"CFA")
    store.sql.execute("UPDATE contact SET document = ? WHERE num = 0", (document,))
    second = store.start_import(ImportStart(kind="contacts", file="people.csv"))
    store.put_contacts([ContactPatch(external_id="c0", company="f0.example", job_title="CTO")], second)
    assert any("the state of contact num 0 (id 'c0')" in words for words in store.integrity())
    store.update_import(second, "done")
    assert store.undo_import(second).damaged == (("contacts", "c0"),)


@pytest.mark.parametrize("table", ["contact", "company"])
def test_repair_drops_a_damaged_state(store: SqlStore, table: str) -> None:
    flip_document(store, table, 8, 0)
    aside = list[tuple[str, int, str]]()
    done = store.repair(lambda kind, num, _, words: aside.append((kind, num, words)))
    assert done == ["1 damaged former state dropped, without undo"]
    assert aside == [(table, 1, "the state before import 1, dropped: undoing the import leaves the record as it is")]
    assert store.integrity() == [] and store.repair(lambda *_: pytest.fail("nothing is damaged")) == []
    done_again = undo(store)
    assert (done_again.restored, len(done_again.damaged)) == (5, 1)


@pytest.mark.parametrize("table", ["contact", "company"])
def test_database_and_program_add_up_the_same_sum(store: SqlStore, table: StateTable) -> None:
    low, high = -(1 << 63), (1 << 63) - 1
    for value in (low, low + 1, -1, 0, 1, (1 << 32) - 1, 1 << 32, high):
        columns = ", ".join(f"CAST(? AS BIGINT) AS {name}" for name in STATE_NUMBERS[table])
        sql = f"SELECT {sum_in_sql(STATE_NUMBERS[table])} FROM (SELECT {columns}) AS n"
        numbers = [value] * len(STATE_NUMBERS[table])
        assert read_rows(store.sql, sql, numbers) == [(sum_of(numbers),)]
