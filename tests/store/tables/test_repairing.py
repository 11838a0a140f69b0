"""Damaged tables are found by the check, repaired, and then without faults."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from letrics.identity.patches import CompanyPatch, ContactPatch
from letrics.store.base import StoreAway
from letrics.store.sqlite import SqliteStore
from letrics.store.tables.checksums import checksum_of


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    with SqliteStore.open(tmp_path / "log.db") as opened:
        opened.put_companies([CompanyPatch(domain=f"f{n}.example", name=f"Firm {n}") for n in range(4)])
        opened.put_contacts(
            [ContactPatch(company=f"f{n}.example", full_name=f"Ann {n}", external_id=f"c{n}") for n in range(4)]
        )
        yield opened


def repaired(store: SqliteStore) -> tuple[list[str], list[tuple[str, int, str]]]:
    """What a repair did and set aside. Nothing is wrong afterwards, and another repair does nothing."""
    aside = list[tuple[str, int, str]]()
    done = store.repair(lambda kind, num, _document, words: aside.append((kind, num, words)))
    assert store.integrity() == []
    assert store.repair(lambda *_: pytest.fail("nothing is damaged")) == []
    return done, aside


def test_whole_store_is_left_alone(store: SqliteStore) -> None:
    before = store.position()
    assert repaired(store) == ([], [])
    assert store.position() == before


@pytest.mark.parametrize(
    ("sql", "found"),
    [
        ("UPDATE contact SET company = 77 WHERE num = 1", "company that does not exist"),
        ("DELETE FROM contact WHERE num = 1", "point to contacts that do not exist"),
        ("DELETE FROM recent_key", "not found by their id"),
        ("UPDATE recent_key SET num = 2 WHERE num = 1", "1 contact is not found by its id"),
        ("UPDATE log SET contacts = 9", "log's counter"),
        ("UPDATE log SET next_contact = 2", "not assigned yet"),
        ("UPDATE log SET seq = 3", "outside the log"),
        ("UPDATE contact SET seq = 1 WHERE num = 0", "same seq"),
        ("INSERT INTO former_id VALUES (99, 'x')", "1 former id points"),
        ("INSERT INTO former_company_id VALUES ('co_a', 99)", "1 key or former id points"),
        ("INSERT INTO merged_company VALUES (98, 99, NULL, NULL)", "merged"),
        ("INSERT INTO merged_key VALUES (99, 1, 1)", "merged contacts"),
    ],
)
def test_fault_is_reported_and_repaired(store: SqliteStore, sql: str, found: str) -> None:
    store._connection.execute(sql)
    assert any(found in words for words in store.integrity())
    done, aside = repaired(store)
    assert done and aside == []
    nums = [num for num in range(4) if store.documents("contacts", [num]) != [None]]
    assert all(store.find("contacts", f"c{num}") is not None for num in nums)


def test_merges_into_a_missing_contact_are_removed_one_after_another(store: SqliteStore) -> None:
    store.merge_contacts("c1", "c0")
    store.merge_contacts("c2", "c1")
    store._connection.execute("DELETE FROM contact WHERE num = 2")
    assert "2 rows of contact_merge removed" in repaired(store)[0]


def test_changed_document_is_set_aside_and_stays(store: SqliteStore) -> None:
    store._connection.execute(
        "UPDATE contact SET document = CAST(replace(CAST(document AS TEXT), 'Ann 1', 'Eve 1') AS BLOB) WHERE num = 1"
    )
    assert store.integrity() == [
        "the document of contact num 1 (id 'c1') is not the one that was written (checksum): restore a backup, or "
        "compare it with its source and run `letrics check --repair`, which keeps it"
    ]
    _, aside = repaired(store)
    assert aside == [("contact", 1, "kept, with a new checksum: compare it with the source")]


def test_document_of_another_record_is_reported(store: SqliteStore) -> None:
    store._connection.execute(
        "UPDATE company SET (document, checksum) = (SELECT document, checksum FROM company WHERE num = 2) WHERE num = 1"
    )
    assert any("company num 1" in words for words in store.integrity())


def test_unreadable_documents_are_replaced_or_removed(store: SqliteStore) -> None:
    before = store.position().seq
    store._connection.execute("UPDATE contact SET document = x'7b' WHERE num = 1")
    store._connection.execute("UPDATE company SET document = x'ff' WHERE num = 2")
    _, aside = repaired(store)
    assert [(kind, num) for kind, num, _ in aside] == [("company", 2), ("contact", 1)]
    assert store.find("contacts", "c1") is None
    (company,) = store.documents("companies", [2])
    assert company is not None and b'"domain":"f2.example"' in company
    changes = store.changes(before, 100)
    assert changes is not None
    assert (list(changes.company_nums), list(changes.deleted_contacts)) == ([2], [1])


def test_documents_without_a_checksum_get_one(store: SqliteStore) -> None:
    store._connection.execute("UPDATE company SET checksum = NULL")
    assert store.integrity() == []
    assert repaired(store)[0] == ["4 checksums added"]
    for num, document, checksum in store._connection.execute("SELECT num, document, checksum FROM company"):
        assert checksum == checksum_of(num, document)


def test_record_with_an_impossible_num_is_not_repaired(store: SqliteStore) -> None:
    store._connection.execute("UPDATE company SET num = num + (1 << 32) WHERE num = 3")
    assert any("not assigned yet" in words for words in store.integrity())
    with pytest.raises(StoreAway, match=r"company with the num 4,294,967,299 .* Restore a backup$"):
        store.repair(lambda *_: None)


def test_followers_start_over_after_a_damaged_deletion(store: SqliteStore) -> None:
    before = store.position().seq
    store.delete("contacts", [3])
    store._connection.execute("UPDATE tombstone SET num = num + 64")
    with pytest.raises(StoreAway, match="of the table tombstone"):
        store.changes(before, 100)
    assert "1 row of tombstone removed" in repaired(store)[0]
    with pytest.raises(LookupError, match="deletions"):
        store.changes(before, 100)


def test_damaged_keys_do_not_stop_the_repair_of_a_contact(store: SqliteStore) -> None:
    store.merge_contacts("c1", "c0")
    store._connection.execute("UPDATE merged_key SET mark = 1 << 40")
    store._connection.execute("UPDATE contact SET document = x'7b' WHERE num = 1")
    done, _ = repaired(store)
    assert "1 contact document repaired or removed" in done and store.find("contacts", "c1") is None
