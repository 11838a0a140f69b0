"""Deletions: what is removed, what stays stored, and the tombstones."""

from __future__ import annotations

import pytest

from letrics.identity.patches import CompanyPatch
from letrics.records import Email, Kind
from letrics.store.base import Deleted, HasContacts
from letrics.store.sqlite import SqliteStore
from letrics.store.tables.deleting import contacts_by_company, count_contacts, delete_records
from tests.store.patches import row

NOW = "2026-05-15T12:00:00.000Z"
TOMBSTONES = "SELECT kind, num FROM tombstone ORDER BY seq"


@pytest.fixture
def filled(store: SqliteStore) -> SqliteStore:
    """Contacts 0 and 1 of company 0, contact 2 of company 1, and company 2 without contacts."""
    store.put_contacts([row("1"), row("2"), row("3", "b.example")])
    store.put_companies([CompanyPatch(domain="c.example")])
    return store


def test_count_contacts_omits_companies_without_any(filled: SqliteStore) -> None:
    assert count_contacts(filled._connection, [0, 1, 2, 9]) == {0: 2, 1: 1}
    assert count_contacts(filled._connection, []) == {}


def test_contacts_by_company_pairs_their_nums(filled: SqliteStore) -> None:
    companies, contacts = contacts_by_company(filled._connection, [0, 1, 2])
    assert sorted(zip(companies, contacts, strict=True)) == [(0, 0), (0, 1), (1, 2)]
    assert [list(nums) for nums in contacts_by_company(filled._connection, [])] == [[], []]


@pytest.mark.parametrize(
    ("kind", "nums", "with_contacts", "records", "tombstones"),
    [
        ("contacts", [1, 1, 99], False, 1, [(1, 1)]),
        ("contacts", [], False, 0, []),
        ("companies", [2], False, 1, [(0, 2)]),
        ("companies", [0, 2], True, 4, [(1, 0), (1, 1), (0, 0), (0, 2)]),
        ("companies", [99], True, 0, []),
    ],
)
def test_delete_records_leaves_tombstones_alone(
    filled: SqliteStore,
    kind: Kind,
    nums: list[int],
    with_contacts: bool,
    records: int,
    tombstones: list[tuple[int, int]],
) -> None:
    assert delete_records(filled._connection, NOW, kind, nums, with_contacts) == Deleted(records)
    assert list(filled._connection.execute(TOMBSTONES)) == tombstones
    assert filled.integrity() == []


def test_delete_records_of_a_company_with_contacts_names_it(filled: SqliteStore) -> None:
    before = filled.position()
    with pytest.raises(HasContacts, match=r"a\.example still has 2 contacts"):
        delete_records(filled._connection, NOW, "companies", [2, 0], False)
    assert filled.position() == before and filled.counts().companies == 3


@pytest.mark.parametrize(
    ("kind", "nums", "changed"), [("contacts", [0, 1, 2], (1,)), ("companies", [0, 1, 2], (0,)), ("contacts", [0], ())]
)
def test_delete_records_keeps_those_changed_since(
    filled: SqliteStore, kind: Kind, nums: list[int], changed: tuple[int, ...]
) -> None:
    judged = filled.position().seq
    filled.put_contacts([row("2", phone="1")])
    done = delete_records(filled._connection, NOW, kind, nums, True, judged)
    assert done.changed == changed
    assert filled.find("contacts", "2") is not None and filled.integrity() == []


def test_delete_records_keeps_contacts_of_a_changed_company(filled: SqliteStore) -> None:
    judged = filled.position().seq
    filled.put_companies([CompanyPatch(domain="a.example", name="A")])
    assert delete_records(filled._connection, NOW, "contacts", [0, 1, 2], False, judged) == Deleted(1, (0, 1))


@pytest.mark.parametrize("wrong", [None, b"jade@a.example"])
def test_delete_records_removes_the_keys_of_a_damaged_contact(filled: SqliteStore, wrong: bytes | None) -> None:
    """Also of one with a wrong letter: the keys of its values are not those that it has."""
    emails = (Email("jane@a.example", "personal"),)
    filled.put_contacts([row("1", emails=emails)])
    document: bytes = filled._connection.execute("SELECT document FROM contact WHERE num = 0").get
    damaged = b"damaged" if wrong is None else document.replace(b"jane@a.example", wrong)
    filled._connection.execute("UPDATE contact SET document = ? WHERE num = 0", (damaged,))
    assert delete_records(filled._connection, NOW, "contacts", [0], False) == Deleted(1)
    assert filled.integrity() == []
    assert filled.put_contacts([row("9", emails=emails)]).conflicts == 0
