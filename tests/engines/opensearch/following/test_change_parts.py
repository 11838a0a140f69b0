"""Parts of large batches."""

from __future__ import annotations

from typing import cast

from letrics.engines.opensearch.following.change_parts import contacts_of_companies, parts_of
from letrics.identity.patches import ContactPatch
from letrics.store.base import Changes, Position, Store
from tests.wrapped_store import WrappedStore

_AT = Position("log", 9, "batch")


def test_parts_have_all_records_with_companies_first_and_deletions_last() -> None:
    changes = Changes(_AT, (1, 2, 3), (b"a", b"b", b"c"), (5, 6), (1, 3), (b"p", b"q"), (7,), (8, 9))
    assert list(parts_of(changes, 2)) == [
        Changes(_AT, (1, 2), (b"a", b"b")),
        Changes(_AT, (3,), (b"c",)),
        Changes(_AT, (), (), (5, 6), (1, 3), (b"p", b"q")),
        Changes(_AT, deleted_companies=(7,), deleted_contacts=(8, 9)),
    ]


def test_no_changes_have_no_parts(store: Store) -> None:
    assert list(parts_of(Changes(_AT), 2)) == list(contacts_of_companies(store, Changes(_AT), 2)) == []


def test_other_contacts_of_changed_companies_are_in_parts(store: Store) -> None:
    store.put_contacts([ContactPatch(external_id=f"p{n}", company="firm1.example") for n in range(6, 9)])
    changes = Changes(_AT, company_nums=(1, 2), contact_nums=(4,))
    parts = list(contacts_of_companies(store, changes, 3))
    assert [(list(part.contact_nums), list(part.contact_companies)) for part in parts] == [
        ([1, 2, 5], [1, 2, 2]),
        ([6, 7, 8], [1, 1, 1]),
    ]
    assert all(part.position == _AT and len(part.contact_documents) == 3 for part in parts)


def test_contact_deleted_meanwhile_is_among_the_deletions(store: Store) -> None:
    companies, nums = store.contacts_of([1])
    gone = WrappedStore(store)
    gone.contacts_of = lambda of: (companies, nums)  # type: ignore[attr-defined]
    store.delete("contacts", [4])
    [part] = contacts_of_companies(cast("Store", gone), Changes(_AT, company_nums=(1,)), 10)
    assert list(part.contact_nums) == [1] and list(part.deleted_contacts) == [4]
