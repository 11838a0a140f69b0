"""What every log store promises, whatever it is built on."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import pytest
from msgspec import UNSET

from letrics.identity.company_keys import is_company_id
from letrics.identity.encoded_patches import EncodedCompany, encode_company_patch
from letrics.identity.keys import id_key
from letrics.identity.patches import CompanyPatch, ContactPatch, Tally
from letrics.records import Company, Contact, Email, Place, decode_company, decode_contact
from letrics.store.base import Changes, Counts, Deleted, HasContacts, Position, Store, StoreReplaced
from tests.default_backends import open_store
from tests.store.encoded_rows import encoded, first_key


@pytest.fixture
def store(opener: Callable[[], Store]) -> Iterator[Store]:
    store = opener()
    yield store
    store.close()


def personal(address: str) -> tuple[Email, ...]:
    return (Email(address, "personal"),)


def generic(address: str) -> tuple[Email, ...]:
    return (Email(address, "generic"),)


def contact(store: Store, num: int) -> Contact:
    [document] = store.documents("contacts", [num])
    assert document is not None
    return msgspec.json.decode(document, type=Contact)


def company(store: Store, domain: str) -> Company:
    found = store.find("companies", domain)
    assert found is not None
    return decode_company(found.document)


def company_of(store: Store, num: int) -> Company:
    """The company of a contact, which must have one."""
    found = contact(store, num).company
    assert found is not None
    return found


def put(store: Store, **members: Any) -> Tally:
    return store.put_contacts([ContactPatch(**{"company": "acme.example", **members})])


def num_of(store: Store, id: str) -> int:
    found = store.find("contacts", id)
    assert found is not None, id
    return found.num


def everything(parts: Iterator[Changes]) -> tuple[dict[int, bytes], dict[int, tuple[int, bytes]]]:
    companies: dict[int, bytes] = {}
    contacts: dict[int, tuple[int, bytes]] = {}
    for part in parts:
        apply(part, companies, contacts)
    return companies, contacts


def apply(part: Changes, companies: dict[int, bytes], contacts: dict[int, tuple[int, bytes]]) -> None:
    companies.update(zip(part.company_nums, part.company_documents, strict=True))
    bodies = zip(part.contact_companies, part.contact_documents, strict=True)
    contacts.update(zip(part.contact_nums, bodies, strict=True))
    for num in part.deleted_companies:
        companies.pop(num, None)
    for num in part.deleted_contacts:
        contacts.pop(num, None)


class TestCompanies:
    def test_a_new_company_has_every_member(self, store: Store) -> None:
        place = Place("Berlin", None, "Germany", "DE", "Europe", "Berlin, Germany")
        tally = store.put_companies([CompanyPatch(domain="shop.co.uk", name="Shop", locations=(place,), employees=7)])
        assert tally == Tally(new=1)
        shop = company(store, "shop.co.uk")
        assert (shop.id, shop.domain, shop.tld, shop.name) == ("shop.co.uk", "shop.co.uk", "co.uk", "Shop")
        assert shop.locations == (place,) and shop.employees == 7 and shop.technologies == ()
        assert shop.added_at == shop.first_seen_at == shop.updated_at != ""

    def test_given_replaces_absent_keeps_none_clears(self, store: Store) -> None:
        store.put_companies([CompanyPatch(domain="a.example", name="A", employees=1, functions=("X",), website="w")])
        tally = store.put_companies([CompanyPatch(domain="a.example", name="B", employees=None, functions=())])
        assert tally == Tally(changed=1)
        found = company(store, "a.example")
        assert (found.name, found.employees, found.functions, found.website) == ("B", None, (), "w")

    def test_times_given_and_not_given(self, store: Store) -> None:
        early, late = "2001-01-01T00:00:00.000Z", "2002-01-01T00:00:00.000Z"
        store.put_companies([CompanyPatch(domain="a.example", added_at=early, updated_at=early)])
        found = company(store, "a.example")
        assert (found.added_at, found.first_seen_at, found.updated_at) == (early, early, early)
        assert store.put_companies([CompanyPatch(domain="a.example", updated_at=late)]) == Tally(unchanged=1)
        assert store.put_companies([CompanyPatch(domain="a.example", added_at=late)]) == Tally(changed=1)
        found = company(store, "a.example")
        assert (found.added_at, found.first_seen_at) == (late, early)
        assert found.updated_at > late

    def test_the_same_company_repeatedly_in_one_batch(self, store: Store) -> None:
        patches = [CompanyPatch(domain="a.example", employees=n) for n in (1, 1, 2)]
        assert store.put_companies(patches) == Tally(new=1, unchanged=1, changed=1)
        assert company(store, "a.example").employees == 2
        assert store.counts() == Counts(1, 0, 1, 0)


class TestPreview:
    def test_preview_companies_counts_as_put_does(self, store: Store) -> None:
        store.put_companies([CompanyPatch(domain="a.example", name="A"), CompanyPatch(domain="b.example", name="B")])
        patches = [CompanyPatch(domain=f"{letter}.example", name="A") for letter in "abcc"]
        before = store.position()
        tally = store.preview_companies(patches)
        assert tally == Tally(new=1, changed=1, unchanged=2)
        assert (store.position(), company(store, "b.example").name) == (before, "B")
        assert store.put_companies(patches) == tally

    def test_preview_contacts_counts_as_put_does(self, store: Store) -> None:
        store.put_contacts([ContactPatch(external_id="1", company="a.example", job_title="CTO")])
        patches = [
            ContactPatch(external_id="1", company="a.example", job_title="CEO"),
            ContactPatch(external_id="2", company="new.example"),
            ContactPatch(external_id="2", company=CompanyPatch(domain="a.example", name="A")),
        ]
        before = store.position(), store.counts()
        tally = store.preview_contacts(patches)
        assert (store.position(), store.counts()) == before
        assert (tally.new, tally.companies_new) == (1, 1) and tally.changed >= 1
        assert store.put_contacts(patches) == tally


class TestDigests:
    def test_digests_of_holders_have_their_nums(self, store: Store, opener: Callable[[], Store]) -> None:
        ada = encoded(ContactPatch(company="a.example", external_id="1", emails=personal("ada@a.example")))
        bob = encoded(ContactPatch(company="a.example", linkedin_url="linkedin.com/in/bob"))
        keys = [first_key(ada), id_key("nobody"), first_key(bob)]
        assert store.digests(keys) == store.digests([]) == {}
        store.put_contacts([ada])
        other = opener()
        other.put_contacts([bob])
        other.close()
        assert store.digests(keys) == {ada.digest: 0, bob.digest: 1}
        assert store.digests([first_key(bob)]) == {bob.digest: 1}
        other = opener()
        other.delete("contacts", [1])
        other.close()
        assert store.digests(keys) == {ada.digest: 0}

    def test_changed_contact_has_another_digest(self, store: Store) -> None:
        first = encoded(ContactPatch(company="a.example", external_id="1", full_name="Ada"))
        store.put_contacts([first])
        second = encoded(ContactPatch(company="a.example", external_id="1", full_name="Bob"))
        store.put_contacts([second])
        assert store.digests([first_key(first)]).keys() <= {second.digest}

    def test_digest_is_not_stored_for_a_plain_patch(self, store: Store) -> None:
        put(store, external_id="1")
        assert store.digests([id_key("1")]) == {}


class TestContacts:
    def test_an_unknown_company_is_created_bare_and_completed_later(self, store: Store) -> None:
        assert put(store, full_name="Ada Love") == Tally(new=1, companies_new=1)
        assert company_of(store, 0).name is None
        store.put_companies([CompanyPatch(domain="acme.example", name="Acme")])
        assert company_of(store, 0).name == "Acme"

    def test_a_company_known_by_name_gains_its_page_and_then_its_domain(self, store: Store) -> None:
        put(store, company=CompanyPatch(name="Baker & Sons"), external_id="1")
        page = "https://www.linkedin.com/company/baker"
        put(store, company=CompanyPatch(name="Baker & Sons Ltd", linkedin_url=page), external_id="2")
        first = company_of(store, 0)
        assert (first.domain, first.tld, first.linkedin_url) == (None, None, page)
        assert is_company_id(first.id)
        assert store.put_companies([CompanyPatch(domain="baker.example", linkedin_url=page + "/about")]).changed == 1
        known = company_of(store, 1)
        assert (known.id, known.domain, known.tld) == ("baker.example", "baker.example", "example")
        for id in (first.id, "baker.example"):
            found = store.find("companies", id)
            assert found is not None and (found.num, found.contacts) == (0, 2)
        assert store.put_companies([CompanyPatch(id=first.id), CompanyPatch(name="Baker & Sons Ltd")]) == Tally(
            unchanged=2
        )
        assert store.delete_id("companies", first.id, with_contacts=True) == 3
        assert store.find("companies", first.id) is None
        assert store.put_companies([CompanyPatch(name="Baker & Sons")]).new == 1
        assert store.integrity() == []

    def test_companies_with_other_domains_stay_apart(self, store: Store) -> None:
        page = "https://www.linkedin.com/company/acme"
        rows = [
            CompanyPatch(name="Acme"),
            CompanyPatch(domain="acme.example", name="Acme"),
            CompanyPatch(domain="acme.test", name="Acme", linkedin_url=page),
            CompanyPatch(domain="other.example", linkedin_url=page),
            CompanyPatch(linkedin_url=page),
        ]
        assert store.put_companies(rows) == Tally(new=3, changed=1, unchanged=1)
        ids = [record.id for record in (company(store, id) for id in ("acme.example", "acme.test", "other.example"))]
        assert ids == ["acme.example", "acme.test", "other.example"]

    def test_contacts_of_companies_without_a_domain(self, store: Store) -> None:
        at = CompanyPatch(name="Acme GmbH")
        assert put(store, company=at, full_name="Ann").new == 1
        assert put(store, company=CompanyPatch(name="ACME"), full_name="Ann").unchanged == 1
        assert put(store, company=CompanyPatch(name="Other"), full_name="Ann").new == 1
        assert put(store, company=UNSET, full_name="Ann").new == 1
        assert contact(store, 2).company is None

    def test_row_without_a_person_upserts_its_company(self, store: Store) -> None:
        rows: list[ContactPatch | EncodedCompany] = [
            ContactPatch(company="acme.example", full_name="Ann"),
            encode_company_patch(CompanyPatch(domain="acme.example", name="Acme")),
            encode_company_patch(CompanyPatch(name="Birch")),
            ContactPatch(company=CompanyPatch(name="Birch Ltd"), full_name="Bob"),
        ]
        assert store.preview_contacts(rows) == store.put_contacts(rows) == Tally(
            new=2, companies_new=2, companies_changed=2, company_rows=2
        )  # fmt: skip
        assert store.put_contacts(rows[1:2]) == Tally(company_rows=1)
        assert company(store, "acme.example").name == "Acme"
        assert company_of(store, 1).name == "Birch Ltd"

    def test_a_row_may_say_more_of_its_company(self, store: Store) -> None:
        patch = CompanyPatch(domain="acme.example", name="Acme")
        assert put(store, company=patch, external_id="1") == Tally(new=1, companies_new=1)
        assert put(store, company=patch, external_id="1") == Tally(unchanged=1)
        told = msgspec.structs.replace(patch, name="Acme Inc.")
        assert put(store, company=told, external_id="1") == Tally(unchanged=1, companies_changed=1)
        assert company_of(store, 0).name == "Acme Inc."

    def test_given_replaces_absent_keeps_none_clears(self, store: Store) -> None:
        put(store, external_id="1", full_name="Ada", job_title="Boss", phone="1", emails=personal("a@x.example"))
        assert put(store, external_id="1", job_title="Chief", phone=None, emails=()) == Tally(changed=1)
        found = contact(store, 0)
        assert (found.full_name, found.job_title, found.phone, found.emails) == ("Ada", "Chief", None, ())

    def test_the_full_name_follows_its_parts(self, store: Store) -> None:
        put(store, external_id="1", first_name="Ada", last_name="Love")
        assert contact(store, 0).full_name == "Ada Love"
        put(store, external_id="1", last_name="King")
        assert contact(store, 0).full_name == "Ada King"
        put(store, external_id="1", full_name="Countess")
        assert contact(store, 0).full_name == "Countess"
        put(store, external_id="1", full_name=None)
        assert contact(store, 0).full_name == "Ada King"
        put(store, external_id="1", first_name=None, last_name=None, full_name=None)
        assert contact(store, 0).full_name is None

    def test_times_given_and_not_given(self, store: Store) -> None:
        early, late = "2001-01-01T00:00:00.000Z", "2002-01-01T00:00:00.000Z"
        put(store, external_id="1", added_at=early, updated_at=early)
        assert (contact(store, 0).added_at, contact(store, 0).updated_at) == (early, early)
        assert put(store, external_id="1", updated_at=late) == Tally(unchanged=1)
        assert put(store, external_id="1", added_at=late) == Tally(changed=1)
        assert contact(store, 0).added_at == late < contact(store, 0).updated_at


class TestIdentity:
    def test_an_external_id_is_the_contact_and_its_id(self, store: Store) -> None:
        put(store, external_id="crm:1", full_name="Ada")
        assert put(store, external_id="crm:1", full_name="Grace") == Tally(changed=1)
        assert contact(store, num_of(store, "crm:1")).full_name == "Grace"

    @pytest.mark.parametrize(
        "other",
        ["http://linkedin.com/in/ada", "https://de.linkedin.com/in/Ada/?x=1#y", "WWW.LINKEDIN.COM/in/%61da"],
    )
    def test_a_linkedin_profile_is_the_contact_in_any_spelling(self, store: Store, other: str) -> None:
        put(store, linkedin_url="https://www.linkedin.com/in/ada")
        assert put(store, linkedin_url=other, company="b.example", full_name="Ada").new == 0
        assert company_of(store, 0).domain == "b.example"

    def test_a_personal_address_is_the_contact(self, store: Store) -> None:
        put(store, emails=personal("ada@acme.example"))
        tally = put(store, emails=(*generic("info@b.example"), *personal("ADA@acme.example")), company="b.example")
        assert (tally.new, tally.changed) == (0, 1)
        assert company_of(store, 0).domain == "b.example"

    def test_an_address_of_another_name_is_another_contact(self, store: Store) -> None:
        put(store, full_name="Ann Archer", emails=personal("office@acme.example"))
        bob = {"full_name": "Bob Baker", "emails": personal("OFFICE@acme.example")}
        assert put(store, **bob) == Tally(new=1, conflicts=1, duplicates=1)
        assert put(store, **bob, phone="1") == Tally(changed=1, conflicts=1)
        assert contact(store, 1).phone == "1"
        assert put(store, full_name="A. Archer", emails=personal("office@acme.example")).changed == 1
        store.delete("contacts", [0])
        assert put(store, **bob, phone="1") == Tally(unchanged=1)
        store.delete("contacts", [1])
        assert store.integrity() == []

    def test_a_generic_address_identifies_nobody(self, store: Store) -> None:
        put(store, full_name="Ada", emails=generic("info@acme.example"))
        assert put(store, full_name="Grace", emails=generic("info@acme.example")).new == 1

    def test_a_row_with_a_generic_address_alone_finds_itself_again(self, store: Store) -> None:
        assert put(store, emails=generic("info@acme.example")).new == 1
        assert put(store, emails=generic("INFO@acme.example")) == Tally(changed=1)
        assert put(store, emails=generic("INFO@acme.example")) == Tally(unchanged=1)
        assert put(store, emails=generic("sales@acme.example")).new == 1
        assert put(store, emails=generic("info@acme.example"), company="b.example").new == 1

    def test_a_profile_goes_before_an_address(self, store: Store) -> None:
        put(store, linkedin_url="linkedin.com/in/a", full_name="A")
        put(store, emails=personal("b@x.example"), full_name="B")
        row = {"linkedin_url": "linkedin.com/in/a", "emails": personal("b@x.example"), "job_title": "Boss"}
        assert put(store, **row) == Tally(changed=1, conflicts=1)
        assert contact(store, 0).job_title == "Boss"
        assert put(store, **row) == Tally(unchanged=1, conflicts=1)
        assert put(store, emails=personal("b@x.example"), phone="1") == Tally(changed=1)
        assert contact(store, 1).phone == "1"

    def test_a_bare_row_joins_its_namesake(self, store: Store) -> None:
        put(store, full_name="Ada  LOVE", emails=personal("ada@x.example"))
        assert put(store, first_name="Ada", last_name="Love", phone="1").new == 0
        assert put(store, full_name="Ada Love", company="b.example").new == 1

    def test_a_row_with_keys_joins_a_bare_namesake_only(self, store: Store) -> None:
        put(store, full_name="Ada")
        assert put(store, full_name="Ada", emails=personal("ada@x.example")).new == 0
        assert put(store, full_name="Ada", emails=personal("other@x.example")).new == 1
        assert put(store, full_name="Ada", linkedin_url="linkedin.com/in/ada").new == 1

    def test_among_several_namesakes_a_bare_row_is_the_bare_one(self, store: Store) -> None:
        put(store, full_name="Ada", emails=personal("a@x.example"))
        put(store, full_name="Ada", emails=personal("b@x.example"))
        assert put(store, full_name="Ada", phone="1").new == 1
        assert put(store, full_name="Ada", phone="1") == Tally(unchanged=1)

    def test_a_new_external_id_takes_over_and_the_former_id_answers(self, store: Store) -> None:
        put(store, emails=personal("ada@x.example"))
        former = contact(store, 0).id
        assert put(store, external_id="crm:1", emails=personal("ada@x.example")) == Tally(changed=1)
        assert contact(store, 0).id == "crm:1"
        assert num_of(store, former) == num_of(store, "crm:1") == 0
        assert put(store, external_id=former, emails=personal("ada@x.example")) == Tally(unchanged=1)
        assert contact(store, 0).id == "crm:1"

    def test_different_external_ids_stay_apart(self, store: Store) -> None:
        row = {"full_name": "Ada", "emails": personal("ada@x.example"), "linkedin_url": "linkedin.com/in/ada"}
        put(store, external_id="1", **row)
        assert put(store, external_id="2", **row) == Tally(new=1, conflicts=2)
        assert contact(store, 1).emails == personal("ada@x.example")
        assert put(store, **row) == Tally(unchanged=1)  # a row without an id is the contact that had the keys first
        for id in ("1", "2"):
            assert put(store, external_id=id, full_name="Bare").new == 0

    def test_namesakes_with_different_external_ids_stay_apart(self, store: Store) -> None:
        put(store, external_id="1", full_name="Ada")
        assert put(store, external_id="2", full_name="Ada").new == 1
        assert put(store, full_name="Ada").new == 1, "two could be meant"
        assert put(store, full_name="Ada") == Tally(unchanged=1)

    def test_among_several_bare_namesakes_a_bare_row_is_the_first(self, store: Store) -> None:
        put(store, full_name="Ada")
        put(store, full_name="Bob", emails=personal("b@x.example"))
        put(store, external_id=contact(store, 1).id, full_name="Ada", emails=())
        assert put(store, full_name="Ada", phone="1") == Tally(changed=1)
        assert contact(store, 0).phone == "1"

    def test_a_key_let_go_is_free(self, store: Store) -> None:
        put(store, external_id="1", emails=personal("ada@x.example"), linkedin_url="linkedin.com/in/ada")
        put(store, external_id="1", emails=personal("new@x.example"), linkedin_url=None)
        tally = put(store, emails=personal("ada@x.example"), linkedin_url="linkedin.com/in/ada")
        assert tally == Tally(new=1)

    def test_an_exported_contact_imported_again_changes_nothing(self, store: Store) -> None:
        put(store, full_name="Ada", emails=personal("ada@x.example"))
        document = contact(store, 0)
        row = {"external_id": document.id, "full_name": "Ada", "emails": document.emails}
        assert put(store, **row) == Tally(unchanged=1)

    def test_the_same_person_gets_the_same_id_in_another_database(self, store: Store, tmp_path: Path) -> None:
        other = open_store(tmp_path / "other.db")
        put(other, full_name="Somebody Else")
        for one in (store, other):
            put(one, linkedin_url="https://www.linkedin.com/in/ada", full_name="Ada")
        assert contact(store, 0).id == contact(other, 1).id
        other.close()

    def test_a_taken_id_is_not_given_twice(self, store: Store) -> None:
        put(store, full_name="Ada")
        put(store, external_id="1", full_name="Ada")
        put(store, external_id="1", full_name="Grace")
        put(store, full_name="Ada")
        assert contact(store, 1).id not in {"1", ""}
        assert num_of(store, contact(store, 1).id) == 1
        assert store.counts().contacts == 2

    def test_rows_of_a_batch_meet_what_earlier_rows_made(self, store: Store) -> None:
        rows = [
            ContactPatch(company="acme.example", full_name="Ada"),
            ContactPatch(company="acme.example", full_name="ada", emails=personal("ada@x.example")),
            ContactPatch(company="b.example", emails=personal("ada@x.example"), external_id="1"),
            ContactPatch(company="b.example", external_id="1"),
        ]
        assert store.put_contacts(rows) == Tally(new=1, changed=2, unchanged=1, companies_new=2)
        assert store.counts() == Counts(2, 1, 2, 1)
        assert contact(store, 0).id == "1"


class TestDocuments:
    def test_in_the_order_asked_with_none_for_what_is_gone(self, store: Store) -> None:
        store.put_companies([CompanyPatch(domain=f"{n}.example") for n in "abc"])
        documents = store.documents("companies", [2, 9, 0, 2])
        assert [document and decode_company(document).domain for document in documents] == [
            "c.example", None, "a.example", "c.example",
        ]  # fmt: skip
        assert store.documents("contacts", []) == []

    def test_found_documents_name_those_that_changed_since(self, store: Store) -> None:
        store.put_contacts([ContactPatch(company=f"{n}.example", external_id=n) for n in "abcd"])
        found_at = store.position()
        assert list(store.found_documents("contacts", [3, 1], found_at).changed) == []
        store.put_contacts([ContactPatch(external_id="a", job_title="CTO")])
        store.put_companies([CompanyPatch(domain="c.example", name="C")])
        store.delete("contacts", [3])
        found = store.found_documents("contacts", [2, 3, 1, 0], found_at)
        assert found.documents == store.documents("contacts", [2, 3, 1, 0])
        assert found.documents[1] is None and [at for at in found.changed if at != 1] == [0, 3]
        assert list(store.found_documents("companies", [1, 2, 0], found_at).changed) == [1]
        assert list(store.found_documents("contacts", [0], store.position()).changed) == []
        assert list(store.found_documents("contacts", [0], None).changed) == []
        with pytest.raises(StoreReplaced):
            store.found_documents("contacts", [0], Position("another", 1, "batch"))

    def test_find(self, store: Store) -> None:
        store.put_contacts([ContactPatch(company="a.example", external_id=str(n)) for n in range(3)])
        found = store.find("companies", "a.example")
        assert found is not None and (found.num, found.contacts) == (0, 3)
        found = store.find("contacts", "2")
        assert found is not None and found.document == store.documents("contacts", [2])[0]
        assert store.find("contacts", "a.example") is None and store.find("companies", "2") is None


class TestTheLog:
    def test_an_empty_log(self, store: Store) -> None:
        position = store.position()
        assert (position.seq, position.batch) == (0, "") and position.log
        assert store.has_batch(position)
        assert store.changes(0, 10) is None
        assert [part for part in store.scan(10) if part.company_nums or part.contact_nums] == []
        assert store.counts() == Counts(0, 0, 0, 0)

    def test_a_batch_that_changes_nothing_leaves_the_log_as_it_was(self, store: Store) -> None:
        put(store, external_id="1", full_name="Ada", emails=personal("a@x.example"))
        position = store.position()
        put(store, external_id="1", full_name="Ada", emails=personal("a@x.example"))
        store.put_companies([CompanyPatch(domain="acme.example")])
        store.put_contacts([])
        store.put_companies([])
        assert store.delete("contacts", [7]).records == 0
        assert store.position() == position

    def test_positions_of_this_log_are_known_and_others_are_not(self, store: Store) -> None:
        put(store, external_id="1")
        first = store.position()
        put(store, external_id="2")
        assert store.has_batch(first) and store.has_batch(store.position())
        assert store.has_batch(Position(first.log, 0, ""))
        for foreign in (
            Position("other", first.seq, first.batch),
            Position(first.log, first.seq, "other"),
            Position(first.log, first.seq + 100, first.batch),
            Position("other", 0, ""),
        ):
            assert not store.has_batch(foreign)

    def test_the_log_keeps_its_id(self, store: Store, opener: Callable[[], Store]) -> None:
        again = opener()
        assert again.position() == store.position()
        again.close()

    def test_changes_are_the_latest_state_in_order_of_num(self, store: Store) -> None:
        store.put_companies([CompanyPatch(domain=f"{n}.example") for n in "abc"])
        after = store.position().seq
        store.put_contacts([ContactPatch(company="b.example", external_id="1", phone="1")])
        store.put_companies([CompanyPatch(domain="c.example", name="C"), CompanyPatch(domain="a.example", name="A")])
        store.put_contacts([ContactPatch(company="a.example", external_id="1", phone="2")])
        changes = store.changes(after, 1000)
        assert changes is not None and changes.position == store.position()
        assert list(changes.company_nums) == [0, 2]
        assert [decode_company(document).name for document in changes.company_documents] == ["A", "C"]
        assert (list(changes.contact_nums), list(changes.contact_companies)) == ([0], [0])
        assert decode_contact(changes.contact_documents[0]).phone == "2"
        assert store.changes(changes.position.seq, 1000) is None

    @pytest.mark.parametrize("limit", [1, 3, 10, 1000])
    def test_changes_read_part_by_part_end_with_the_whole_log(self, store: Store, limit: int) -> None:
        companies: dict[int, bytes] = {}
        contacts: dict[int, tuple[int, bytes]] = {}
        for n in range(12):
            store.put_contacts(
                [ContactPatch(company=f"{m % 3}.example", external_id=f"{m}", phone=f"{n}") for m in range(n, n + 3)]
            )
            if n % 4 == 3:
                store.delete("contacts", [n - 1])
        store.delete("companies", [1], with_contacts=True)
        after, parts = 0, 0
        while (part := store.changes(after, limit)) is not None:
            assert part.position.seq > after and store.has_batch(part.position)
            assert sorted(part.contact_nums) == list(part.contact_nums)
            assert sorted(part.company_nums) == list(part.company_nums)
            apply(part, companies, contacts)
            assert {company for company, _ in (contacts[num] for num in part.contact_nums)} <= set(companies)
            after, parts = part.position.seq, parts + 1
        assert (companies, contacts) == everything(store.scan(2))
        assert parts > 1 if limit < 1000 else parts == 1

    def test_a_scan_stands_still_while_records_change(self, store: Store) -> None:
        store.put_contacts([ContactPatch(company="a.example", external_id=str(n)) for n in range(10)])
        position = store.position()
        before = everything(store.scan(1000))
        parts = store.scan(3)
        seen = [next(parts)]
        put(store, external_id="3", phone="1")
        put(store, external_id="new")
        store.delete("contacts", [9])
        seen += parts
        assert everything(iter(seen)) == before
        assert {part.position for part in seen} == {position}
        assert all(len(part.company_nums) + len(part.contact_nums) <= 3 for part in seen)
        nums = [num for part in seen for num in part.contact_nums]
        assert nums == list(range(10))

    def test_a_scan_may_be_left_early(self, store: Store) -> None:
        store.put_contacts([ContactPatch(company="a.example", external_id=str(n)) for n in range(10)])
        parts = store.scan(1)
        next(parts)
        parts.close()  # type: ignore[attr-defined]
        put(store, external_id="new")


class TestDeleting:
    def test_a_deleted_contact_is_gone_and_its_keys_are_free(self, store: Store) -> None:
        row = {"full_name": "Ada", "emails": personal("a@x.example"), "linkedin_url": "linkedin.com/in/a"}
        put(store, **row)
        former = contact(store, 0).id
        put(store, external_id="1", **row)
        assert store.delete("contacts", [0, 0, 5]).records == 1
        assert store.documents("contacts", [0]) == [None]
        assert store.find("contacts", "1") is None and store.find("contacts", former) is None
        assert put(store, **row) == Tally(new=1)
        assert contact(store, 1).id == former, "the id is free again"
        assert store.counts() == Counts(1, 1, 1, 2)

    def test_nums_are_never_given_again(self, store: Store, opener: Callable[[], Store]) -> None:
        put(store, external_id="1", company="a.example")
        store.delete("companies", [0], with_contacts=True)
        again = opener()
        put(again, external_id="1", company="a.example")
        assert again.counts() == Counts(1, 1, 2, 2)
        assert num_of(again, "1") == 1
        again.close()

    def test_a_company_with_contacts_is_kept_unless_they_go_too(self, store: Store) -> None:
        put(store, external_id="1")
        put(store, external_id="2")
        put(store, external_id="3", company="b.example")
        with pytest.raises(ValueError, match=r"acme\.example still has 2 contacts"):
            store.delete("companies", [0, 1])
        assert store.counts().companies == 2
        assert store.delete("companies", [0], with_contacts=True).records == 3
        assert store.counts() == Counts(1, 1, 2, 3)
        assert store.delete("contacts", [2]).records == 1
        assert store.delete("companies", [1]).records == 1

    def test_deletions_are_told_and_kept_for_the_slowest_follower(self, store: Store) -> None:
        store.put_contacts([ContactPatch(company="a.example", external_id=str(n)) for n in range(4)])
        start = store.position().seq
        store.delete("contacts", [1])
        middle = store.position().seq
        store.delete("contacts", [0, 2])
        changes = store.changes(start, 1000)
        assert changes is not None
        assert list(changes.deleted_contacts) == [0, 1, 2] and list(changes.deleted_companies) == []
        store.follow("slow", start)
        store.follow("fast", store.position().seq)
        assert store.changes(start, 1000) == changes
        store.follow("slow", middle)
        with pytest.raises(LookupError):
            store.changes(start, 1000)
        later = store.changes(middle, 1000)
        assert later is not None and list(later.deleted_contacts) == [0, 2]

    def test_a_position_beyond_the_log_is_no_position(self, store: Store) -> None:
        put(store, external_id="1")
        with pytest.raises(LookupError):
            store.changes(store.position().seq + 1, 10)


class TestTwoConnections:
    def test_one_sees_what_the_other_has_written(self, store: Store, opener: Callable[[], Store]) -> None:
        other = opener()
        put(store, external_id="1")
        assert num_of(other, "1") == 0
        put(other, external_id="2")
        assert put(store, external_id="2") == Tally(unchanged=1)
        assert store.counts() == other.counts() == Counts(1, 2, 1, 2)
        other.close()

    def test_a_failing_batch_leaves_nothing(self, store: Store) -> None:
        put(store, external_id="1")
        position = store.position()
        bad: Sequence[Any] = [ContactPatch(company="new.example", external_id="2"), None]
        with pytest.raises(AttributeError):
            store.put_contacts(bad)
        assert store.position() == position and store.find("companies", "new.example") is None
        assert put(store, external_id="2") == Tally(new=1)


class TestDeletingWhatWasJudged:
    def test_delete_leaves_contacts_changed_since(self, store: Store) -> None:
        for n in range(4):
            put(store, external_id=str(n), company="a.example" if n < 3 else "b.example")
        judged = store.position()
        put(store, external_id="1", company="a.example", job_title="Head of Change")
        assert store.delete("contacts", [0, 1], judged_at=judged) == Deleted(1, (1,))
        store.put_companies([CompanyPatch(domain="b.example", name="Other")])
        assert store.delete("contacts", [2, 3], judged_at=judged) == Deleted(1, (3,)), "it is judged by its company too"
        assert store.counts() == Counts(2, 2, 2, 4)
        assert store.delete("contacts", [1, 3], judged_at=store.position()) == Deleted(2)

    def test_delete_leaves_companies_changed_since(self, store: Store) -> None:
        for domain in ("a.example", "b.example", "c.example", "d.example"):
            put(store, external_id=domain, company=domain)
        judged = store.position()
        store.put_companies([CompanyPatch(domain="a.example", name="Other")])
        put(store, external_id="new", company="b.example")
        put(store, external_id="c.example", company="d.example")
        done = store.delete("companies", range(4), with_contacts=True, judged_at=judged)
        assert done == Deleted(1, (0, 1, 3)), "a contact of b is new, and one has moved from c to d"
        companies, contacts = store.contacts_of(range(4))
        assert sorted(zip(companies, contacts, strict=True)) == [(0, 0), (1, 1), (1, 4), (3, 2), (3, 3)]
        assert store.contacts_of([2])[1].tolist() == store.contacts_of([])[1].tolist() == []

    def test_delete_of_another_log_is_refused(self, store: Store) -> None:
        put(store, external_id="1")
        at = store.position()
        for other in (replace(at, log="other"), replace(at, batch="other"), replace(at, seq=at.seq + 1)):
            with pytest.raises(StoreReplaced):
                store.delete("contacts", [0], judged_at=other)
            with pytest.raises(StoreReplaced):
                store.delete_id("contacts", "1", known_at=other)
        assert store.counts().contacts == 1

    def test_delete_id_takes_the_record_of_that_id(self, store: Store) -> None:
        store.put_contacts([ContactPatch(company="a.example", full_name="Ada")])
        former = contact(store, 0).id
        store.put_contacts([ContactPatch(company="a.example", full_name="Ada", external_id="1")])
        put(store, external_id="2", company="a.example")
        at = store.position()
        put(store, external_id="3", company="b.example")
        assert store.delete_id("contacts", "none", known_at=at) is None
        assert store.delete_id("contacts", former, known_at=at) == 1
        assert store.find("contacts", "1") is None and store.find("contacts", "2") is not None
        with pytest.raises(HasContacts) as refused:
            store.delete_id("companies", "a.example")
        assert (refused.value.id, refused.value.contacts) == ("a.example", 1)
        assert store.delete_id("companies", "a.example", with_contacts=True) == 2
        assert store.counts() == Counts(1, 1, 2, 3)


def test_description_is_of_the_last_change(store: Store) -> None:
    assert store.describe().changed_ms is None and store.describe().position.seq == 0
    before = int(time.time() * 1000)
    put(store, external_id="1")
    first = store.describe()
    assert (first.position, first.counts) == (store.position(), store.counts())
    assert first.changed_ms is not None and before <= first.changed_ms <= time.time() * 1000 and first.bytes > 0
    put(store, external_id="1")
    assert store.describe().changed_ms == first.changed_ms, "nothing changed"
    time.sleep(0.002)
    store.delete("contacts", [num_of(store, "1")])
    last = store.describe().changed_ms
    assert last is not None and last > first.changed_ms
