"""Batches of contacts: the store recognizes an unchanged row by its digest, and skips only such rows."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from msgspec.structs import replace

from letrics.identity.encoded_patches import (
    NO_DIGEST,
    EncodedContact,
    KnownContact,
    pack_contact,
)
from letrics.identity.keys import id_key, parts_of
from letrics.identity.patches import CompanyPatch, ContactPatch, Tally
from letrics.records import Company, ContactBody, Email, encode
from letrics.store.connection import open_sqlite
from letrics.store.migrate import load_migrations, migrate
from letrics.store.sqlite import SqliteStore
from letrics.store.tables.contact_table import contact_ids
from tests.store.encoded_rows import encoded, known
from tests.store.patches import ADA, row

ADDED = "2026-01-01T00:00:00.000Z"


def refuse() -> EncodedContact:
    """Makes no patch of a row."""
    raise msgspec.DecodeError("refused")


def unread(store: SqliteStore, *rows: EncodedContact | KnownContact) -> bool:
    """Whether the rows, prepared, change nothing, and the store finds this out without decoding any of them.

    Their patches cannot be decoded at first. If the store needs one, the rows are put with their patches.
    """
    damaged = [
        replace(pack_contact(row, prepare=True), patch=b"")
        if isinstance(row, EncodedContact)
        else replace(row, read=refuse)
        for row in rows
    ]
    try:
        tally, decoded = store.put_contacts(damaged), False
    except msgspec.DecodeError:
        tally, decoded = store.put_contacts(rows), True
    assert tally.unchanged == len(rows)
    return not decoded


@pytest.mark.parametrize(
    "row",
    [
        ADA,
        ContactPatch(company="a.example", linkedin_url="linkedin.com/in/ada"),
        ContactPatch(company="a.example", emails=(Email("ada@a.example", "personal"),)),
    ],
)
def test_put_contacts_skips_the_same_row(store: SqliteStore, row: ContactPatch) -> None:
    same = encoded(row)
    assert store.put_contacts([same]).new == 1
    before = store.position()
    assert unread(store, same, same)
    assert store.position() == before


def test_put_contacts_decodes_the_row_after_another_change(store: SqliteStore) -> None:
    same = encoded(ADA)
    store.put_contacts([same])
    store.put_contacts([ContactPatch(company="a.example", external_id="1", phone="1")])
    assert store.put_contacts([same]).changed == 1  # it clears the phone
    assert unread(store, same)


def test_put_contacts_sees_changes_of_earlier_rows_of_the_batch(store: SqliteStore) -> None:
    same, other = encoded(ADA), encoded(ContactPatch(company="a.example", external_id="1", phone="1"))
    store.put_contacts([same])
    tally = store.put_contacts([same, other, same, same])
    assert (tally.unchanged, tally.changed) == (2, 2)
    assert unread(store, same)


def test_put_contacts_skips_a_row_once_it_changed_nothing(store: SqliteStore) -> None:
    store.put_contacts([encoded(ADA)])
    other = encoded(ContactPatch(company="a.example", external_id="1", full_name="Ada"))
    before = store.position()
    assert not unread(store, other)
    assert unread(store, other)
    assert store.position() == before and store.integrity() == []


def test_put_contacts_skips_the_last_row_of_a_batch(store: SqliteStore) -> None:
    same, other = encoded(ADA), ContactPatch(company="a.example", external_id="1", phone="1")
    store.put_contacts([same])
    nothing = encoded(ContactPatch(company="a.example", external_id="1", full_name="Ada"))
    assert store.put_contacts([nothing, encoded(other), same]).changed == 2
    assert unread(store, same)
    assert not unread(store, nothing)


def test_put_contacts_by_name_alone_leaves_the_stored_digest(store: SqliteStore) -> None:
    ann = encoded(ContactPatch(company="a.example", external_id="9", full_name="Ann"))
    store.put_contacts([ann])
    assert not unread(store, encoded(ContactPatch(company="a.example", full_name="Ann")))
    assert unread(store, ann)


def test_put_contacts_skips_a_known_contact(store: SqliteStore) -> None:
    store.put_contacts([encoded(ADA)])
    before = store.position()
    assert unread(store, known(ADA, 0), encoded(ADA), known(ADA, 0))
    assert store.position() == before


def test_put_contacts_maps_the_row_of_a_changed_contact(store: SqliteStore) -> None:
    other = ContactPatch(company="a.example", external_id="1", phone="1")
    store.put_contacts([encoded(ADA)])
    tally = store.put_contacts([known(ADA, 0), encoded(other), known(ADA, 0), known(ADA, 0)])
    assert (tally.unchanged, tally.changed) == (2, 2)
    store.put_contacts([encoded(other)])
    assert store.put_contacts([known(ADA, 0)]).changed == 1
    assert unread(store, known(ADA, 0))


def test_known_contact_that_is_deleted_is_created(store: SqliteStore) -> None:
    store.put_contacts([encoded(ADA)])
    store.delete("contacts", [0])
    assert store.put_contacts([known(ADA, 0)]).new == 1
    found = store.find("contacts", "1")
    assert found is not None and found.num == 1


def test_conflict_of_a_row_is_counted_every_time(store: SqliteStore) -> None:
    store.put_contacts([encoded(ADA)])
    other = encoded(ContactPatch(company="a.example", external_id="2", emails=ADA.emails))
    assert [store.put_contacts([other]).conflicts for _ in range(3)] == [1, 1, 1]


def test_put_contacts_always_decodes_values_of_the_company(store: SqliteStore) -> None:
    same = encoded(ContactPatch(company=CompanyPatch(domain="a.example", name="A"), external_id="1"))
    assert same.digest == NO_DIGEST
    store.put_contacts([same])
    store.put_companies([CompanyPatch(domain="a.example", name="B")])
    assert store.put_contacts([same]).companies_changed == 1


def test_put_contacts_of_an_older_file_adds_missing_digests(tmp_path: Path) -> None:
    connection = open_sqlite(tmp_path / "old.db")
    migrate(connection, load_migrations("letrics.store.sqlite.migrations")[:1])
    company = Company(id="a.example", domain="a.example", first_seen_at=ADDED, added_at=ADDED, updated_at=ADDED)
    contact = ContactBody(id="1", added_at=ADDED, updated_at=ADDED)
    connection.execute("UPDATE log SET seq=2, next_company=1, next_contact=1, companies=1, contacts=1")
    connection.execute("INSERT INTO batch VALUES (2, 'x')")
    connection.execute("INSERT INTO company VALUES (0, 1, 'a.example', ?)", (encode(company),))
    connection.execute("INSERT INTO contact VALUES (0, 2, 0, 1, ?)", (encode(contact),))
    connection.execute("INSERT INTO contact_key VALUES (?, ?, 0)", parts_of(id_key("1")))
    connection.close()
    with SqliteStore.open(tmp_path / "old.db") as store:
        assert store.integrity() == []
        assert store.find("contacts", "1") is not None
        nothing, something = (
            encoded(ContactPatch(company="a.example", external_id="1", emails=(), linkedin_url=None, phone=phone))
            for phone in (None, "1")
        )
        assert not unread(store, nothing)
        assert unread(store, nothing)
        assert store.put_contacts([something]).changed == 1
        assert unread(store, something)


def test_key_of_a_missing_contact_is_free(store: SqliteStore) -> None:
    emails = (Email("a@x.example", "personal"),)
    store.put_contacts([row("1", emails=emails, full_name="Ada")])
    store._connection.execute("DELETE FROM contact")
    assert store.put_contacts([row("1", emails=emails), ContactPatch(company="a.example", full_name="Ada")]) == Tally(
        new=2
    )


def test_many_namesakes_at_one_company(store: SqliteStore) -> None:
    rows = [row(str(n), full_name="N. N.") for n in range(3000)]
    assert store.put_contacts(rows).new == 3000
    assert store.put_contacts(rows) == Tally(unchanged=3000)
    bare = [ContactPatch(company="a.example", full_name="N. N.")] * 3
    assert store.put_contacts(bare) == Tally(new=1, unchanged=2)
    assert store.put_companies([CompanyPatch(domain="a.example")]) == Tally(unchanged=1)


def test_contact_ids_of_a_damaged_document_are_not_known(store: SqliteStore) -> None:
    store.put_contacts([row("c1"), row("c2")])
    assert contact_ids(store.sql, [0, 1]) == {0: "c1", 1: "c2"}
    store.sql.execute(
        "UPDATE contact SET document = CAST(replace(CAST(document AS TEXT), 'c2', 'c3') AS BLOB) WHERE num = 1"
    )
    assert contact_ids(store.sql, [0, 1]) == {0: "c1", 1: "?"}
