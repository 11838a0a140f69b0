"""What every log store promises of people who are forgotten: they are gone, and no row brings them back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from letrics.identity.encoded_patches import EncodedCompany, KnownContact, encode_contact_patch
from letrics.identity.keys import id_key
from letrics.identity.patches import CompanyPatch, ContactPatch
from letrics.records import Email
from letrics.store.base import Position, Store, StoreReplaced
from letrics.store.forgotten_list import Forgotten
from letrics.store.import_record import ImportStart
from tests.default_backends import open_store

JANE = "jane.roe@acme.example"
PROFILE = "https://www.linkedin.com/in/jane-roe"


@pytest.fixture
def store(opener: Callable[[], Store]) -> Iterator[Store]:
    with opener() as store:
        yield store


def row(name: str | None = "Jane Roe", address: str | None = None, company: Any = "acme.example", **values: Any) -> Any:
    emails = () if address is None else (Email(address, "personal"),)
    return ContactPatch(company=company, full_name=name, emails=emails, **values)


def nums(store: Store, identity: str) -> list[int]:
    return store.find_people(identity)


def forget(store: Store, identity: str) -> Forgotten:
    return store.forget(nums(store, identity), [identity])


def put(store: Store, *rows: Any) -> tuple[int, int]:
    """The number of new contacts, and of rows of forgotten people."""
    tally = store.put_contacts(list(rows))
    assert tally.changes == tally.new + tally.companies_new + tally.companies_changed
    return tally.new, tally.forgotten


@pytest.mark.parametrize("identity", [JANE, "Jane.Roe@ACME.example", PROFILE, "linkedin.com/in/jane-roe", "crm:1"])
def test_person_is_found_by_each_identity(store: Store, identity: str) -> None:
    put(store, row("Bob Baker", "bob@acme.example"), row(address=JANE, linkedin_url=PROFILE, external_id="crm:1"))
    assert nums(store, identity) == [1]


@pytest.mark.parametrize("identity", [" ", "info@acme.example", "jane@", "https://www.linkedin.com/company/acme"])
def test_what_identifies_nobody_is_refused(store: Store, identity: str) -> None:
    with pytest.raises(ValueError, match="is"):
        store.find_people(identity)


def test_forgotten_person_is_gone_and_stays_gone(store: Store) -> None:
    given = row(address=JANE, linkedin_url=PROFILE, external_id="crm:1")
    assert put(store, given, row("Bob Baker", "bob@acme.example")) == (2, 0)
    assert forget(store, JANE) == Forgotten(1, 1, 0)
    assert store.counts().contacts == 1
    again = [
        given,
        row("J. R.", JANE),
        row("Someone", linkedin_url=PROFILE, company="other.example"),
        row("Someone", external_id="crm:1"),
        row("JANE  ROE"),
    ]
    assert put(store, *again, row("Bob Baker", "bob@acme.example")) == (0, 5)
    assert store.find_people(JANE) == []
    assert store.counts().contacts == 1


def test_namesake_with_other_keys_is_another_person(store: Store) -> None:
    put(store, row(address=JANE))
    forget(store, JANE)
    assert put(store, row(address="jane.roe@home.example"), row(company="other.example")) == (2, 0)


def test_person_known_by_name_alone_is_stopped_with_any_key(store: Store) -> None:
    put(store, row())
    [[num, _]] = [[num, 0] for num in range(store.counts().next_contact)]
    assert store.forget([num]).contacts == 1
    assert put(store, row(), row(address=JANE), row(external_id="crm:7")) == (0, 3)


def test_external_id_of_a_namesake_is_another_person(store: Store) -> None:
    put(store, row(external_id="crm:1"))
    forget(store, "crm:1")
    assert put(store, row(external_id="crm:2"), row()) == (1, 1)


def test_person_without_a_company_is_stopped(store: Store) -> None:
    put(store, row(company=None))
    store.forget([0])
    assert put(store, row(company=None), row(company=None, address=JANE)) == (1, 1)


def test_company_known_by_name_is_that_of_the_person(store: Store) -> None:
    firm = CompanyPatch(name="Roe Works", industries=("Software",))
    put(store, row(company=firm))
    store.forget([0])
    assert put(store, row(company=CompanyPatch(name="Roe Works Ltd"))) == (0, 1)


def test_company_of_a_forgotten_row_is_stored(store: Store) -> None:
    put(store, row(address=JANE))
    forget(store, JANE)
    tally = store.put_contacts([row(address=JANE, company=CompanyPatch(domain="new.example", name="New"))])
    assert (tally.new, tally.forgotten, tally.companies_new, tally.company_rows) == (0, 1, 1, 0)
    assert store.find("companies", "new.example") is not None


def test_company_of_an_address_alone_is_not_stored(store: Store) -> None:
    store.forget([], ["jane@roe.example"])
    given = row(address="jane@roe.example", company="roe.example", company_from_email=True)
    tally = store.put_contacts([given])
    assert (tally.forgotten, tally.companies_new) == (1, 0)


def test_shared_address_stops_only_the_name(store: Store) -> None:
    put(store, row("Jane Roe", JANE), row("Bob Baker", JANE))
    (found,) = (num for num in nums(store, JANE) if b"Jane" in (store.documents("contacts", [num])[0] or b""))
    store.forget([found])
    assert put(store, row("Jane Roe", JANE), row("Bob Baker", JANE), row("Cy Cook", JANE)) == (1, 1)


def test_unknown_identity_is_remembered(store: Store) -> None:
    assert forget(store, JANE) == Forgotten(0, 1, 0)
    assert forget(store, JANE) == Forgotten(0, 0, 0)
    assert put(store, row(address=JANE)) == (0, 1)


def test_allowed_person_is_stored_again(store: Store) -> None:
    given = row(address=JANE, linkedin_url=PROFILE, external_id="crm:1")
    put(store, given)
    forget(store, PROFILE)
    assert store.allow(["someone@else.example"]) == 0
    assert store.allow([JANE]) == 1
    assert store.forgotten_days() == []
    assert put(store, given) == (1, 0)


def test_list_has_days_and_no_identities(store: Store) -> None:
    put(store, row(address=JANE), row("Bob Baker", "bob@acme.example"))
    store.forget([0, 1])
    (day,) = store.forgotten_days()
    assert (len(day.day), day.people) == (10, 2)
    whole = msgspec.json.encode(store.forgotten_list())
    # Shorter words occur in hashes by chance.
    assert not any(word in whole for word in (b"@", b"baker", b"jane.roe", b"acme.example"))


def test_erasures_follow_the_log(store: Store) -> None:
    put(store, row(address=JANE), row("Bob Baker", "bob@acme.example"))
    assert (store.erasures().forgotten_seq, store.erasures().deleted_seq) == (0, 0)
    store.delete("contacts", [1])
    assert store.erasures().deleted_seq == store.position().seq
    assert store.erasures().forgotten_seq == 0
    forget(store, JANE)
    assert store.erasures().forgotten_seq == store.position().seq


def test_forget_id_looks_up_the_contact(store: Store) -> None:
    put(store, row(address=JANE, external_id="crm:1"))
    assert store.forget_id("crm:2") is None
    with pytest.raises(StoreReplaced):
        store.forget_id("crm:1", Position("other", 3, "batch"))
    done = store.forget_id("crm:1", store.position())
    assert done is not None
    assert done.contacts == 1
    assert put(store, row(address=JANE)) == (0, 1)


def test_preview_counts_forgotten_rows(store: Store) -> None:
    put(store, row(address=JANE))
    forget(store, JANE)
    tally = store.preview_contacts([row(address=JANE), row("Bob Baker", "bob@acme.example")])
    assert (tally.new, tally.forgotten) == (1, 1)


def test_upsert_reports_forgotten_records_in_order(store: Store) -> None:
    put(store, row(address=JANE))
    forget(store, JANE)
    start = ImportStart(kind="contacts", file="upsert")
    given = [row("Ann Abel", "ann@acme.example", external_id="a"), row(address=JANE), row("Bo", external_id="b")]
    done = store.upsert(start, given, {})
    assert done.records == [("a", "new"), ("", "forgotten"), ("b", "new")]
    assert done.tally.forgotten == 1


def test_known_contact_who_was_forgotten_is_not_stored(store: Store) -> None:
    encoded = encode_contact_patch(row(address=JANE, external_id="crm:1", linkedin_url=None), 77)
    store.put_contacts([encoded])
    assert store.digests([id_key("crm:1")]) == {77: 0}
    forget(store, JANE)

    tally = store.put_contacts([KnownContact(0, 77, lambda: encoded)])
    assert (tally.new, tally.unchanged, tally.forgotten) == (0, 0, 1)


def test_undone_import_does_not_bring_a_person_back(store: Store) -> None:
    put(store, row(address=JANE, external_id="crm:1"))
    id = store.start_import(ImportStart(kind="contacts", file="b.csv"))
    store.put_contacts([row(name="Jane Roe", address=JANE, external_id="crm:1", job_title="CEO")], of_import=id)
    store.update_import(id, "done", {})
    forget(store, JANE)
    while not store.undo_import(id).finished:
        pass
    assert store.counts().contacts == 0
    assert store.find_people(JANE) == []


def test_former_state_of_another_contact_is_erased(store: Store) -> None:
    put(store, row("Jane Roe", JANE, external_id="crm:1"))
    id = store.start_import(ImportStart(kind="contacts", file="b.csv"))
    store.put_contacts([row("Bob Baker", "bob@acme.example", external_id="crm:1")], of_import=id)
    store.update_import(id, "done", {})
    forget(store, JANE)
    while not store.undo_import(id).finished:
        pass
    assert store.find_people(JANE) == []


def test_company_that_loses_an_address_is_not_damaged(store: Store) -> None:
    store.put_companies([CompanyPatch(domain="acme.example", emails=(Email(JANE, "personal"),))])
    put(store, row(address=JANE))
    assert forget(store, JANE) == Forgotten(1, 1, 1)
    assert store.integrity() == []


def test_mentions_of_forgotten_people_are_found(store: Store) -> None:
    put(store, row(address=JANE, linkedin_url=PROFILE))
    texts = [f"x,<{JANE.upper()}>;1", f"a {PROFILE}/details b", "Bob,bob@acme.example", ""]
    assert store.mentions_forgotten(texts) == [False] * 4
    forget(store, JANE)
    assert store.mentions_forgotten(texts) == [True, True, False, False]


def test_rows_of_companies_are_no_people(store: Store) -> None:
    store.forget([], [JANE])
    tally = store.put_contacts([EncodedCompany(CompanyPatch(domain="acme.example")), row(address=JANE)])
    assert (tally.company_rows, tally.forgotten, tally.companies_new) == (1, 1, 1)


def test_merged_list_is_applied_to_what_is_stored(opener: Callable[[], Store], tmp_path: Path) -> None:
    given = [row(address=JANE), row("Bob Baker", "bob@acme.example"), row("Cy Cook", company="cy.example")]
    with open_store(tmp_path / "before.db") as newer:
        put(newer, *given)
        newer.forget([0, 2])
        listed = newer.forgotten_list()
    with opener() as store:
        put(store, *given, row("Dee Dole", "dee@acme.example"))
        store.forget([3])
        assert store.merge_forgotten(listed) == Forgotten(2, 2, 0)
        assert store.merge_forgotten(listed) == Forgotten(0, 0, 0)
        assert store.counts().contacts == 1
        assert put(store, *given, row("Dee Dole", "dee@acme.example")) == (0, 3)


def test_address_of_a_company_goes_with_the_person(store: Store) -> None:
    firm = CompanyPatch(domain="acme.example", emails=(Email(JANE, "personal"), Email("info@acme.example", "generic")))
    store.put_companies([firm])
    put(store, row(address=JANE))
    assert forget(store, JANE) == Forgotten(1, 1, 1)
    document = store.documents("companies", [0])[0] or b""
    assert b"info@acme.example" in document
    assert JANE.encode() not in document
    assert store.put_companies([firm]).unchanged == 1
