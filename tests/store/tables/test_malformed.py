"""The list of malformed documents: what each of them lacks, without its content."""

from __future__ import annotations

import pytest

from letrics.identity.patches import CompanyPatch
from letrics.store.sqlite import SqliteStore
from letrics.store.tables.malformed import malformed_documents
from tests.store.patches import row


def damage(store: SqliteStore, table: str, document: bytes, where: str = "num = 0") -> None:
    store._connection.execute(f"UPDATE {table} SET document = ? WHERE {where}", (document,))


def listed(store: SqliteStore) -> list[str]:
    return list(malformed_documents(store._connection))


def test_malformed_documents_of_a_sound_store_are_none(store: SqliteStore) -> None:
    store.put_contacts([row("1"), row("2")])
    assert listed(store) == []


@pytest.mark.parametrize(
    ("document", "words"),
    [
        (b"", "contact num 0 cannot be read (DecodeError)"),
        (b'{"id":"c 7","full_name":["Secret"]}', "contact num 0 (id 'c 7') cannot be read (ValidationError)"),
        (b'{"id":"\\ud800","x":1', "contact num 0 cannot be read"),
        (b'{"id":"x","full_name":"\xff"}', "contact num 0 (id 'x') cannot be read"),
        (b'{"id":"x","added_at":"2026","updated_at":""}', "has a malformed timestamp: added_at, updated_at"),
    ],
)
def test_malformed_document_is_named_without_its_content(store: SqliteStore, document: bytes, words: str) -> None:
    store.put_contacts([row("1")])
    damage(store, "contact", document)
    (line,) = listed(store)
    assert words in line and "Secret" not in line


def test_malformed_timestamp_of_a_company_is_named(store: SqliteStore) -> None:
    store.put_companies([CompanyPatch(domain="a.example", first_seen_at="2026-01-01")])
    assert listed(store) == ["the document of company num 0 (id 'a.example') has a malformed timestamp: first_seen_at"]


def test_malformed_documents_are_at_most_twenty_per_kind(store: SqliteStore) -> None:
    store.put_contacts([row(str(n)) for n in range(23)])
    damage(store, "contact", b"{", "num >= 0")
    damage(store, "company", b"{")
    lines = listed(store)
    assert len(lines) == 1 + 20 + 1
    assert (
        lines[0].startswith("the document of company num 0") and lines[-1] == "3 more contact documents are malformed"
    )
