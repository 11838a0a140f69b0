"""Rows of merges with a flipped byte in one of their cells: reported, and never undone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from letrics.identity.patches import CompanyPatch, ContactPatch
from letrics.store.duplicate_record import NoPair
from letrics.store.postgres.postgres_store import PostgresStore
from letrics.store.sql import read_rows
from letrics.store.sqlite.store import SqliteStore
from letrics.store.tables.merge_rows import MergeRow, split_keys
from letrics.store.tables.sql_store import SqlStore
from tests.servers.postgres import new_database

_NUMBERS = ("kept", "gone", "kept_company", "kept_external", "kept_company_after", "company", "external", "checksum")
_BYTES = ("kept_before", "kept_after", "kept_keys", "document", "former_ids", "keys")


@pytest.fixture(params=["sqlite", "postgres"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SqlStore]:
    """Four contacts: c0 and c1 are merged into c2, one after another, so that all columns have values."""
    opened = SqliteStore.open(tmp_path / "l.db") if request.param == "sqlite" else PostgresStore.open(new_database())
    with opened as store:
        store.put_companies([CompanyPatch(domain=f"f{n}.example") for n in range(2)])
        store.put_contacts(
            [ContactPatch(external_id=f"c{n}", company=f"f{n % 2}.example", full_name=f"Ann {n}") for n in range(4)]
        )
        store.merge_contacts("c1", "c0")
        store.merge_contacts("c2", "c1")
        yield store


def harm(store: SqlStore, column: str, value: object) -> None:
    store.sql.execute(f"UPDATE contact_merge SET {column} = ? WHERE gone_id = 'c1'", (value,))


def damaged_bytes(store: SqlStore, column: str) -> bytes:
    sql = f"SELECT {column} FROM contact_merge WHERE gone_id = 'c1'"
    found = bytearray(read_rows(store.sql, sql)[0][0] or b"x" * 12)
    found[len(found) // 2] ^= 1
    return bytes(found)


def test_whole_merges_are_undone(store: SqlStore) -> None:
    assert store.integrity() == []
    store.undo_duplicate("c2", "c1")
    assert store.integrity() == []
    store.undo_duplicate("c1", "c0")  # the row of this merge got another `kept` meanwhile
    assert store.integrity() == [] and store.counts().contacts == 4


@pytest.mark.parametrize("column", [*_NUMBERS, *_BYTES, "merged_at"])
def test_damaged_merge_is_reported_and_not_undone(store: SqlStore, column: str) -> None:
    text = "2026-13-01" if column == "merged_at" else damaged_bytes(store, column) if column in _BYTES else 1 << 14
    harm(store, column, text)
    assert any("the merge of 'c1' into contact num " in words for words in store.integrity())
    before = store.documents("contacts", range(4))
    with pytest.raises(NoPair):
        store.undo_duplicate("c2", "c1")
    assert store.documents("contacts", range(4)) == before


def test_merge_without_a_checksum_is_undone(store: SqlStore) -> None:
    harm(store, "checksum", None)
    assert store.integrity() == []
    store.undo_duplicate("c2", "c1")
    assert store.counts().contacts == 3


def test_repair_drops_a_damaged_merge_and_what_hangs_on_it(store: SqlStore) -> None:
    harm(store, "document", b"{")
    aside = list[tuple[str, int, bytes]]()
    store.repair(lambda kind, num, document, _: aside.append((kind, num, document)))
    assert aside == [("contact", 1, b"{")] and store.integrity() == []
    assert store.repair(lambda *_: pytest.fail("nothing is damaged")) == []
    with pytest.raises(NoPair, match="not by a merge that can be undone"):
        store.undo_duplicate("c2", "c1")


def test_person_of_a_damaged_merge_can_be_forgotten(store: SqlStore) -> None:
    harm(store, "former_ids", b"[")
    assert store.forget([2]).contacts == 1
    assert read_rows(store.sql, "SELECT count(*) FROM contact_merge") == [(0,)]


def test_incomplete_key_is_left_out() -> None:
    assert split_keys(b"a" * 12 + b"b" * 12 + b"c") == [b"a" * 12, b"b" * 12]


def test_fault_of_values_of_another_type_is_named() -> None:
    row = MergeRow(1, 1, 0, "c0", "", 0, 0, 7, 0, b"{}", b"", 0, 0, b"{}", b"[]", b"")  # type: ignore[arg-type]
    assert row.fault() == "cannot be read (TypeError)"
