"""Packed rows: the same once more is told by its digest, and only then."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from unittest import mock

import pytest

from letrics.records import Company, ContactBody, Email, encode
from letrics.store.base import CompanyPatch, ContactPatch
from letrics.store.connection import open_sqlite
from letrics.store.identity import id_key, parts_of
from letrics.store.migrate import load_migrations, migrate
from letrics.store.packed import NO_DIGEST, PackedContact, pack_company, pack_contact, unpack_company, unpack_contact
from letrics.store.sqlite import SqliteStore

ADDED = "2026-01-01T00:00:00.000Z"
ADA = ContactPatch(
    company="a.example", external_id="1", full_name="Ada", job_title="Engineer",
    emails=(Email("ada@a.example", "personal"),), linkedin_url="https://www.linkedin.com/in/ada", phone=None,
)  # fmt: skip


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    with SqliteStore.open(tmp_path / "log.db") as store:
        yield store


def unread(store: SqliteStore, *rows: PackedContact) -> bool:
    """Whether the rows change nothing and none of them has to be unpacked to know it."""
    with mock.patch("letrics.store.sqlite.rows.unpack_contact", wraps=unpack_contact) as unpack:
        tally = store.put_contacts(rows)
    assert tally.unchanged == len(rows)
    return not unpack.called


def test_what_was_packed_comes_out_again() -> None:
    assert unpack_contact(pack_contact(ADA)) == ADA
    company = CompanyPatch(domain="a.example", name=None, functions=("X",))
    assert unpack_company(pack_company(company)) == unpack_company(company) == company


def test_the_digest_tells_rows_apart() -> None:
    others = [
        ContactPatch(company="a.example", external_id="1"),
        ContactPatch(company="a.example", external_id="1", phone=None),
        ContactPatch(company="b.example", external_id="1"),
    ]
    assert len({pack_contact(row).digest for row in (ADA, *others)}) == 4
    assert pack_contact(ADA).digest == pack_contact(unpack_contact(pack_contact(ADA))).digest


@pytest.mark.parametrize(
    "row",
    [
        ADA,
        ContactPatch(company="a.example", linkedin_url="linkedin.com/in/ada"),
        ContactPatch(company="a.example", emails=(Email("ada@a.example", "personal"),)),
    ],
)
def test_the_same_row_again_is_not_looked_at(store: SqliteStore, row: ContactPatch) -> None:
    packed = pack_contact(row)
    assert store.put_contacts([packed]).new == 1
    before = store.position()
    assert unread(store, packed, packed)
    assert store.position() == before


def test_another_row_that_changes_the_contact_ends_it(store: SqliteStore) -> None:
    packed = pack_contact(ADA)
    store.put_contacts([packed])
    store.put_contacts([ContactPatch(company="a.example", external_id="1", phone="1")])
    assert store.put_contacts([packed]).changed == 1  # it clears the phone
    assert unread(store, packed)


def test_a_row_of_the_same_batch_that_changes_the_contact_is_seen(store: SqliteStore) -> None:
    packed, other = pack_contact(ADA), pack_contact(ContactPatch(company="a.example", external_id="1", phone="1"))
    store.put_contacts([packed])
    tally = store.put_contacts([packed, other, packed, packed])
    assert (tally.unchanged, tally.changed) == (2, 2)
    assert unread(store, packed)


def test_a_row_that_changes_nothing_leaves_the_digest_of_the_one_that_did(store: SqliteStore) -> None:
    packed = pack_contact(ADA)
    store.put_contacts([packed])
    assert not unread(store, pack_contact(ContactPatch(company="a.example", external_id="1", full_name="Ada")))
    assert unread(store, packed)


def test_a_row_with_a_conflict_is_counted_every_time(store: SqliteStore) -> None:
    store.put_contacts([pack_contact(ADA)])
    other = pack_contact(ContactPatch(company="a.example", external_id="2", emails=ADA.emails))
    assert [store.put_contacts([other]).conflicts for _ in range(3)] == [1, 1, 1]


def test_a_row_that_says_something_of_the_company_is_always_looked_at(store: SqliteStore) -> None:
    packed = pack_contact(ContactPatch(company=CompanyPatch(domain="a.example", name="A"), external_id="1"))
    assert packed.digest == NO_DIGEST
    store.put_contacts([packed])
    store.put_companies([CompanyPatch(domain="a.example", name="B")])
    assert store.put_contacts([packed]).companies_changed == 1


def test_contacts_of_an_older_file_have_no_digest_until_they_change(tmp_path: Path) -> None:
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
            pack_contact(ContactPatch(company="a.example", external_id="1", emails=(), linkedin_url=None, phone=phone))
            for phone in (None, "1")
        )
        assert not unread(store, nothing)
        assert not unread(store, nothing)
        assert store.put_contacts([something]).changed == 1
        assert unread(store, something)
