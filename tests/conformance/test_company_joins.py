"""A row that names two stored companies, one of them without a domain: they become one, and undoing takes that back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import msgspec
import pytest

from letrics.identity.encoded_patches import EncodedCompany, encode_company_patch
from letrics.identity.patches import CompanyPatch, ContactPatch, Tally
from letrics.records import Company, Contact, Email, decode_company
from letrics.store.base import Store
from letrics.store.import_record import ImportStart, Undone
from tests.conformance.test_imports import everything, undo

PAGE = "https://www.linkedin.com/company/acme"
BOTH = CompanyPatch(domain="acme.example", linkedin_url=PAGE)
START = ImportStart(kind="companies", file="companies.csv")


@pytest.fixture
def store(opener: Callable[[], Store]) -> Iterator[Store]:
    store = opener()
    yield store
    store.close()


def of_page(**members: Any) -> ContactPatch:
    return ContactPatch(company=CompanyPatch(linkedin_url=PAGE, name="Acme"), **members)


def company(store: Store, id: str) -> Company:
    found = store.find("companies", id)
    assert found is not None
    return decode_company(found.document)


def employers(store: Store) -> list[str | None]:
    documents = store.documents("contacts", range(store.counts().next_contact))
    contacts = [msgspec.json.decode(document, type=Contact) for document in documents if document is not None]
    return [None if contact.company is None else contact.company.id for contact in contacts]


def fill(store: Store) -> str:
    """Store the company with a domain and the one with a page and two contacts; returns the id of the latter."""
    store.put_companies([CompanyPatch(domain="acme.example", employees=5, first_seen_at="2026-01-02T00:00:00.000Z")])
    store.put_contacts([of_page(full_name="Ann"), of_page(emails=(Email("bob@x.example", "personal"),))])
    (id, _) = employers(store)
    assert id is not None and id.startswith("co_")
    return id


def test_row_that_names_two_companies_merges_them(store: Store) -> None:
    former = fill(store)
    assert store.put_companies([BOTH]) == Tally(unchanged=1, companies_merged=1)
    merged = company(store, "acme.example")
    assert company(store, former) == merged
    assert (merged.name, merged.employees, merged.linkedin_url) == ("Acme", 5, PAGE)
    assert employers(store) == ["acme.example", "acme.example"]
    assert (store.counts().companies, store.integrity()) == (1, [])
    assert store.put_contacts([of_page(full_name="Ann")]) == Tally(unchanged=1)
    assert store.put_companies([CompanyPatch(id=former, name="ACME")]) == Tally(changed=1)


def test_id_of_the_other_company_merges_them_too(store: Store) -> None:
    former = fill(store)
    row = ContactPatch(company=CompanyPatch(domain="acme.example", id=former), full_name="Ann")
    assert store.put_contacts([row]) == Tally(unchanged=1, companies_merged=1)
    assert employers(store) == ["acme.example", "acme.example"]


def test_row_that_names_three_companies_merges_all(store: Store) -> None:
    fill(store)
    store.put_companies([CompanyPatch(name="Acme Works")])
    (document,) = store.documents("companies", [2])
    assert document is not None
    other = decode_company(document).id
    row = CompanyPatch(domain="acme.example", id=other, linkedin_url=PAGE)
    assert store.put_companies([row]) == Tally(unchanged=1, companies_merged=2)
    assert (store.counts().companies, store.integrity()) == (1, [])


def test_rows_of_one_batch_merge_in_order(store: Store) -> None:
    rows: list[ContactPatch | EncodedCompany] = [
        ContactPatch(company="acme.example", full_name="Ann"),
        of_page(full_name="Bob"),
        encode_company_patch(BOTH),
        of_page(full_name="Cy"),
        of_page(full_name="Bob"),
    ]
    assert store.put_contacts(rows) == Tally(
        new=3, unchanged=1, companies_new=2, company_rows=1, companies_merged=1
    )  # fmt: skip
    assert employers(store) == ["acme.example"] * 3


def test_company_with_another_domain_is_not_merged(store: Store) -> None:
    fill(store)
    store.put_companies([CompanyPatch(domain="other.example", linkedin_url=PAGE)])
    tally = store.put_companies([BOTH])
    assert (tally.companies_merged, store.counts().companies) == (0, 2)
    assert employers(store) == ["other.example", "other.example"]


def test_followers_see_the_merge_as_changes(store: Store) -> None:
    fill(store)
    before = store.position().seq
    store.put_companies([BOTH])
    part = store.changes(before, 1_000)
    assert part is not None
    assert (list(part.company_nums), list(part.contact_nums)) == ([0], [0, 1])
    assert (list(part.contact_companies), list(part.deleted_companies)) == ([0, 0], [1])


def test_undone_import_takes_companies_apart(store: Store) -> None:
    former = fill(store)
    before = everything(store)
    id = store.start_import(START)
    store.put_companies([BOTH], of_import=id)
    store.update_import(id, "done")
    assert undo(store, id) == Undone(restored=4)
    assert (everything(store), store.integrity()) == (before, [])
    assert employers(store) == [former, former]
    assert store.put_contacts([of_page(full_name="Ann")]) == Tally(unchanged=1)
    assert company(store, former).domain is None
    part = store.changes(0, 1_000)
    assert part is not None and not part.deleted_companies


def test_undone_import_keeps_a_company_that_changed_since(store: Store) -> None:
    former = fill(store)
    id = store.start_import(START)
    store.put_companies([BOTH], of_import=id)
    store.update_import(id, "done")
    store.put_companies([CompanyPatch(domain="acme.example", employees=9)])
    done = undo(store, id)
    assert done.restored == 0
    assert {("companies", "acme.example"), ("companies", former)} < set(done.kept)
    assert company(store, former) == company(store, "acme.example")
    assert employers(store) == ["acme.example", "acme.example"]
    assert store.integrity() == []


def fill_by_name(store: Store) -> str:
    """Store the company with a domain and one that is known by name, with a contact; returns the id of the latter."""
    store.put_companies([CompanyPatch(domain="acme.example")])
    store.put_contacts([ContactPatch(company=CompanyPatch(name="Acme Works"), full_name="Ann")])
    (id,) = employers(store)
    assert id is not None
    return id


def run(store: Store, *patches: CompanyPatch) -> int:
    id = store.start_import(START)
    store.put_companies(patches, of_import=id)
    store.update_import(id, "done")
    return id


def test_undo_adds_a_company_whose_name_is_free(store: Store) -> None:
    former = fill_by_name(store)
    id = run(store, CompanyPatch(domain="acme.example", id=former))
    store.put_companies([CompanyPatch(domain="acme.example", name="ACME")])
    assert undo(store, id) == Undone(restored=2, kept=(("companies", "acme.example"),))
    assert (employers(store), company(store, former).name) == ([former], "Acme Works")
    assert company(store, "acme.example").name == "ACME"
    assert store.put_companies([CompanyPatch(name="Acme Works")]) == Tally(unchanged=1)
    assert (store.counts().companies, store.integrity()) == (2, [])


def test_undo_adds_a_company_whose_page_is_free_again(store: Store) -> None:
    former = fill(store)
    id = run(store, BOTH)
    store.put_companies([CompanyPatch(domain="acme.example", linkedin_url=PAGE + "-works")])
    done = undo(store, id)
    assert (done.restored, done.kept) == (3, (("companies", "acme.example"),))
    assert (employers(store), store.integrity()) == ([former, former], [])


def test_undo_keeps_what_another_import_merged(store: Store) -> None:
    former = fill_by_name(store)
    id = run(store, CompanyPatch(id=former, employees=7))
    other = run(store, CompanyPatch(domain="acme.example", id=former))
    assert undo(store, id) == Undone(kept=(("companies", former),))
    assert employers(store) == ["acme.example"]
    assert undo(store, other) == Undone(restored=3)
    assert (employers(store), company(store, former).employees) == ([former], 7)


def test_deletion_includes_the_companies_merged_before(store: Store) -> None:
    former = fill(store)
    id = run(store, BOTH)
    store.delete_id("companies", "acme.example", with_contacts=True)
    assert undo(store, id) == Undone()
    assert (store.find("companies", former), store.integrity()) == (None, [])


def merge_ann_and_bob(store: Store) -> tuple[str, str]:
    """Merge the two contacts of the company without a domain; returns their ids."""
    ann, bob = (msgspec.json.decode(one, type=Contact).id for one in store.documents("contacts", [0, 1]) if one)
    store.merge_contacts(ann, bob)
    return ann, bob


def test_merge_of_contacts_is_undone_after_the_import(store: Store) -> None:
    former = fill(store)
    ids = merge_ann_and_bob(store)
    id = run(store, BOTH)
    undo(store, id)
    store.undo_duplicate(*ids)
    assert (employers(store), store.integrity()) == ([former, former], [])
    assert store.put_contacts([of_page(full_name="Ann")]) == Tally(unchanged=1)


def test_merge_of_contacts_is_undone_before_the_import(store: Store) -> None:
    former = fill(store)
    ids = merge_ann_and_bob(store)
    id = run(store, BOTH)
    (pair,) = store.duplicates("merged")
    assert [msgspec.json.decode(one)["company"]["id"] for one in pair.contacts] == ["acme.example"] * 2
    store.undo_duplicate(*ids)
    assert employers(store) == ["acme.example"] * 2
    assert store.put_contacts([of_page(full_name="Ann")]) == Tally(unchanged=1)
    done = undo(store, id)
    assert (done.restored, store.integrity()) == (2, [])
    assert company(store, former).domain is None


def test_company_from_a_merge_of_contacts_is_taken_back(store: Store) -> None:
    fill(store)
    store.put_contacts([ContactPatch(company=None, full_name="Zoe", external_id="zoe")])
    (bob,) = (msgspec.json.decode(one, type=Contact).id for one in store.documents("contacts", [1]) if one)
    store.merge_contacts("zoe", bob)
    run(store, BOTH)
    assert employers(store) == ["acme.example"] * 2
    store.undo_duplicate("zoe", bob)
    assert employers(store) == ["acme.example", None, "acme.example"]
