"""What every log store promises of upserts: one batch, the effect of each record, and an import that can be undone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from letrics.identity.encoded_patches import EncodedContact, encode_company_patch, encode_contact_patch
from letrics.identity.patches import CompanyPatch, ContactPatch
from letrics.records import Email
from letrics.store.base import Store
from letrics.store.import_record import ImportStart
from letrics.store.upserting import Upserted

PEOPLE = ImportStart(kind="contacts", file="upsert", user="ann@office.example")
FIRMS = ImportStart(kind="companies", file="upsert", user="ann@office.example")


@pytest.fixture
def store(opener: Callable[[], Store]) -> Iterator[Store]:
    with opener() as store:
        yield store


def put(store: Store, *patches: ContactPatch | EncodedContact) -> Upserted:
    return store.upsert(PEOPLE, patches, {"rows": len(patches)})


def ann(**members: Any) -> ContactPatch:
    return ContactPatch(**{"external_id": "ann", "company": "acme.example", "full_name": "Ann Archer"} | members)


def effects(done: Upserted) -> list[str]:
    return [effect for _, effect in done.records]


def test_effects_are_in_order_of_the_records(store: Store) -> None:
    put(store, ann())
    bob = ann(external_id="bob", full_name="Bob Baker")
    done = put(store, bob, ann(), ann(job_title="CEO"), bob, ann(external_id="cy", full_name="Cy"))
    assert effects(done) == ["new", "unchanged", "changed", "unchanged", "new"]
    assert [id for id, _ in done.records] == ["bob", "ann", "ann", "bob", "cy"]
    assert (done.tally.new, done.tally.changed, done.tally.unchanged, done.tally.merged) == (2, 1, 2, 2)


def test_record_without_an_id_has_its_generated_id(store: Store) -> None:
    emails = (Email("ann@acme.example", "personal"),)
    [[id, effect]] = put(store, ContactPatch(company="acme.example", emails=emails)).records
    assert effect == "new"
    assert store.find("contacts", id) is not None


def test_new_external_id_is_that_of_its_contact(store: Store) -> None:
    emails = (Email("ann@acme.example", "personal"),)
    done = put(store, ContactPatch(company="acme.example", emails=emails), ann(emails=emails))
    assert done.records == [("ann", "new"), ("ann", "changed")]


def test_companies_report_their_effects_and_ids(store: Store) -> None:
    page = "https://www.linkedin.com/company/acme"
    patches = [CompanyPatch(name="Acme", linkedin_url=page), CompanyPatch(domain="b.example"),
               CompanyPatch(domain="b.example"), CompanyPatch(domain="acme.example", linkedin_url=page)]  # fmt: skip
    done = store.upsert(FIRMS, [encode_company_patch(patch) for patch in patches], {})
    assert done.records == [
        ("acme.example", "new"), ("b.example", "new"), ("b.example", "unchanged"), ("acme.example", "changed"),
    ]  # fmt: skip


def test_company_merged_by_a_later_row_has_its_new_id(store: Store) -> None:
    page = "https://www.linkedin.com/company/acme"
    store.put_companies([CompanyPatch(domain="acme.example")])
    rows = [CompanyPatch(linkedin_url=page, name="Acme Inc"), CompanyPatch(name="Bolt"),
            CompanyPatch(domain="acme.example", linkedin_url=page)]  # fmt: skip
    done = store.upsert(FIRMS, [encode_company_patch(row) for row in rows], {})
    assert [done.records[0], done.records[2]] == [("acme.example", "new"), ("acme.example", "unchanged")]
    assert (done.tally.companies_merged, done.tally.merged) == (1, 1)


def test_contacts_keep_their_ids_when_companies_merge(store: Store) -> None:
    page = "https://www.linkedin.com/company/acme"
    store.put_companies([CompanyPatch(domain="acme.example")])
    of_page = ann(external_id="bob", company=CompanyPatch(linkedin_url=page))
    both = ann(company=CompanyPatch(domain="acme.example", linkedin_url=page))
    done = put(store, ann(external_id="cy", full_name="Cy"), of_page, both)
    assert (done.records, done.tally.companies_merged) == ([("cy", "new"), ("bob", "new"), ("ann", "new")], 1)


def test_recognised_row_is_unchanged(store: Store) -> None:
    row = encode_contact_patch(ann(), 7)
    assert effects(put(store, row, encode_contact_patch(ann(external_id="bob"), 8))) == ["new", "new"]
    assert put(store, row, row).records == [("ann", "unchanged")] * 2


def test_upsert_that_changes_something_is_an_import(store: Store) -> None:
    done = put(store, ann())
    assert done.import_id == 1
    record = store.find_import(1)
    assert (record.status, record.file, record.user, record.report) == (
        "done", "upsert", "ann@office.example", {"rows": 1},
    )  # fmt: skip
    assert (record.changes["new"], record.changes["companies_new"]) == (1, 1)


def test_upsert_that_changes_nothing_is_no_import(store: Store) -> None:
    put(store, ann())
    position = store.position()
    again = put(store, ann())
    assert (again.import_id, effects(again)) == (None, ["unchanged"])
    assert (len(store.imports()), store.position()) == (1, position)
    assert put(store, ann(job_title="CEO")).import_id == 2


def test_undo_of_an_upsert_restores_what_was_before(store: Store) -> None:
    put(store, ann())
    before = store.documents("contacts", [0])
    id = put(store, ann(job_title="CEO"), ann(external_id="bob", full_name="Bob")).import_id
    assert id is not None
    while not store.undo_import(id).finished:
        pass
    assert store.documents("contacts", [0]) == before
    assert store.find("contacts", "bob") is None
    assert store.find_import(id).status == "undone"


def test_upsert_of_no_records_does_nothing(store: Store) -> None:
    assert put(store).records == []
    assert store.imports() == []
