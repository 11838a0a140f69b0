"""Changes of names by the plans of a batch: only of its first rows, and of documents that can be read."""

from __future__ import annotations

from letrics.identity.patches import CompanyPatch
from letrics.identity.plan import CompanyPlan, KeyRows
from letrics.records import Company, encode
from letrics.store.connection import SqliteConnection
from letrics.store.name_changes import JUDGED_ROWS, NameChange, NameChanges
from letrics.store.sqlite import SqliteStore
from letrics.store.tables.name_watch import NameWatch


def renamed(*nums: int) -> CompanyPlan:
    """A plan that gives these companies the name New."""
    record = Company(id="x", domain="x", name="New", first_seen_at="", added_at="", updated_at="")
    documents = [encode(record)] * len(nums)
    return CompanyPlan(nums, documents, (), (), (), (), (), KeyRows(), KeyRows())


def judged(watch: NameWatch) -> list[NameChanges]:
    found: list[NameChanges] = []
    watch.judge(found.append)
    return found


def test_changes_of_later_rows_are_not_noted(store: SqliteStore, connection: SqliteConnection) -> None:
    store.put_companies([CompanyPatch(domain=f"{name}.example", name=name) for name in "ab"])
    watch = NameWatch(connection)
    watch.note_companies(2, [0] * JUDGED_ROWS + [1], renamed(0, 1))
    watch.note_companies(2, [1], renamed(1))
    assert judged(watch) == [NameChanges("companies", 1, 1, (NameChange("a", "New"),))]


def test_parts_of_a_batch_are_noted_together(store: SqliteStore, connection: SqliteConnection) -> None:
    store.put_companies([CompanyPatch(domain=f"{name}.example", name=name) for name in "ab"])
    watch = NameWatch(connection)
    watch.note_companies(2, [0, 2], renamed(0))
    watch.note_companies(3, [1, 2, 3], renamed(1, 2))
    assert judged(watch) == [NameChanges("companies", 2, 2, (NameChange("a", "New"), NameChange("b", "New")))]


def test_name_with_one_wrong_letter_is_not_shown(store: SqliteStore, connection: SqliteConnection) -> None:
    store.put_companies([CompanyPatch(domain="a.example", name="Acme")])
    connection.execute("UPDATE company SET document = CAST(replace(CAST(document AS TEXT), 'Acme', 'Akme') AS BLOB)")
    watch = NameWatch(connection)
    watch.note_companies(1, [0], renamed(0))
    assert judged(watch) == [NameChanges("companies", 1, 0)]


def test_malformed_document_has_no_name(store: SqliteStore, connection: SqliteConnection) -> None:
    store.put_companies([CompanyPatch(domain="a.example", name="a")])
    connection.execute("UPDATE company SET document = x'7b'")
    watch = NameWatch(connection)
    watch.note_companies(1, [0], renamed(0))
    assert judged(watch) == [NameChanges("companies", 1, 0)]
