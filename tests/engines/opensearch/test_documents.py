"""Documents against the definition of each fact, and where the company of a contact is taken from."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from itertools import count
from typing import Any

import msgspec
import pytest

from letrics.engines.opensearch.documents import Document, DocumentBuilder
from letrics.engines.opensearch.mapping import END, facet_name, field_name, flags_name, has_facet_field
from letrics.fields import facts_of
from letrics.normalize.time import parse_time
from letrics.records import Company, ContactBody, Kind, decode_company, decode_contact, encode
from letrics.store.base import Changes, Position
from tests.conformance.world import put_world
from tests.naive.clauses import keys_of, value_of
from tests.naive.log import Log
from tests.naive.store import NaiveStore

POSITION = Position("log", 1, "batch")
TIME = "2026-01-31T09:30:00.000Z"
COMPANY = Company(id="a.example", domain="a.example", name="Äcme", first_seen_at=TIME, added_at=TIME, updated_at=TIME)
CONTACT = ContactBody(id="p", job_title="Café Manager", added_at=TIME, updated_at="2026-01-30T09:30:00.000Z")
NO_COMPANY = 999
"""A num that no company has."""


class Companies:
    """Documents of companies by num, and which of them were read."""

    def __init__(self, **documents: Company) -> None:
        self.documents = {int(name.removeprefix("c")): encode(company) for name, company in documents.items()}
        self.read: list[list[int]] = []

    def __call__(self, nums: Sequence[int]) -> list[bytes | None]:
        self.read.append(list(nums))
        return [self.documents.get(num) for num in nums]


def decoded(documents: Sequence[Document]) -> dict[int, dict[str, Any]]:
    return {num: msgspec.json.decode(document) for num, document in documents}


def expected(kind: Kind, num: int, company: Company | None, contact: ContactBody | None) -> dict[str, Any]:
    """The document of a record by the definition of its facts."""
    members: dict[str, Any] = {"num": num}
    for fact in facts_of(kind):
        value = value_of(fact, company, contact)
        if fact.kind == "flag":
            if fact.owner == "contact" or company is not None:
                flags = members.setdefault(flags_name(fact.owner), [])
                flags += [fact.name] if value else []
        elif fact.kind in ("time", "number"):
            if value is not None:
                members[field_name(fact)] = parse_time(value) if isinstance(value, str) else value
        elif keys := list(keys_of(fact, value)):
            members[field_name(fact)] = keys[0] + END if fact.kind == "text" else keys
            if fact.facet_key is not None and has_facet_field(fact):
                members[facet_name(fact)] = list(filter(fact.facet_key, keys))
    return members


def contacts_of(num: int, company: int, document: bytes) -> Changes:
    return Changes(POSITION, contact_nums=[num], contact_companies=[company], contact_documents=[document])


def test_documents_of_a_log_have_every_fact() -> None:
    store = NaiveStore(Log())
    put_world(store)
    changes = store.changes(0, 1_000)
    assert changes is not None
    built = DocumentBuilder(Companies()).build_documents(changes)
    companies = dict(zip(changes.company_nums, map(decode_company, changes.company_documents), strict=True))
    assert decoded(built.companies) == {num: expected("companies", num, each, None) for num, each in companies.items()}
    bodies = zip(changes.contact_nums, changes.contact_companies, changes.contact_documents, strict=True)
    assert decoded(built.contacts) == {
        num: expected("contacts", num, companies[of], decode_contact(document)) for num, of, document in bodies
    }
    assert not built.deleted_companies and not built.deleted_contacts


def test_contact_without_a_company_has_its_own_facts() -> None:
    built = DocumentBuilder(Companies()).build_documents(contacts_of(3, NO_COMPANY, encode(CONTACT)))
    assert decoded(built.contacts) == {3: expected("contacts", 3, None, CONTACT)}


def test_company_that_is_not_cached_is_read_once() -> None:
    companies = Companies(c7=COMPANY)
    builder = DocumentBuilder(companies)
    for num in (1, 2):
        built = builder.build_documents(contacts_of(num, 7, encode(CONTACT)))
        assert decoded(built.contacts) == {num: expected("contacts", num, COMPANY, CONTACT)}
    assert companies.read == [[7]]


def test_company_beyond_the_capacity_is_read_again() -> None:
    companies = Companies(c7=COMPANY, c8=msgspec.structs.replace(COMPANY, name="Other"))
    builder = DocumentBuilder(companies, max_cached_bytes=700)
    for of in (7, 8, 8, 7):
        builder.build_documents(contacts_of(1, of, encode(CONTACT)))
    assert companies.read == [[7], [8], [7]]


def test_changed_company_replaces_the_cached_one() -> None:
    builder = DocumentBuilder(Companies(c7=COMPANY))
    builder.build_documents(contacts_of(1, 7, encode(CONTACT)))
    changed = msgspec.structs.replace(COMPANY, name="Changed", updated_at="2026-02-01T00:00:00.000Z")
    builder.build_documents(Changes(POSITION, company_nums=[7], company_documents=[encode(changed)]))
    built = builder.build_documents(contacts_of(1, 7, encode(CONTACT)))
    assert decoded(built.contacts) == {1: expected("contacts", 1, changed, CONTACT)}


def test_deleted_records_are_passed_on() -> None:
    companies = Companies(c7=COMPANY)
    builder = DocumentBuilder(companies)
    builder.build_documents(contacts_of(1, 7, encode(CONTACT)))
    built = builder.build_documents(Changes(POSITION, deleted_companies=[7], deleted_contacts=[1, 2]))
    assert (built.deleted_companies, built.deleted_contacts) == ([7], [1, 2])
    del companies.documents[7]
    built = builder.build_documents(contacts_of(1, 7, encode(CONTACT)))
    assert decoded(built.contacts) == {1: expected("contacts", 1, None, CONTACT)}


def test_malformed_records_are_deleted(caplog: pytest.LogCaptureFixture) -> None:
    whole = [encode(msgspec.structs.replace(CONTACT, id=f"p{n}")) for n in range(5)]
    documents = [*whole[:3], b'{"id":', *whole[3:]]
    changes = Changes(
        POSITION,
        company_nums=[1, 2],
        company_documents=[b"[]", encode(COMPANY)],
        contact_nums=range(6),
        contact_companies=[1, 2, 2, 2, 2, 2],
        contact_documents=documents,
    )
    with caplog.at_level(logging.WARNING):
        built = DocumentBuilder(Companies()).build_documents(changes)
    assert (built.deleted_companies, built.deleted_contacts) == ([1], [3])
    assert [num for num, _ in built.companies] == [2] and [num for num, _ in built.contacts] == [0, 1, 2, 4, 5]
    assert decoded(built.contacts)[0] == expected("contacts", 0, None, CONTACT)
    assert "contact num 3 is malformed" in caplog.text and "Café" not in caplog.text


def test_dictionary_entries_are_returned_once() -> None:
    numbers = count()
    builder = DocumentBuilder(Companies())
    entries = []
    for industry in ("Software", "SOFTWARE", "Banking"):
        company = msgspec.structs.replace(COMPANY, industries=(industry,), tld=None)
        changes = Changes(POSITION, company_nums=[next(numbers)], company_documents=[encode(company)])
        entries += [msgspec.json.decode(entry) for _, entry in builder.build_documents(changes).dictionary]
    assert [(entry["fact"], entry["key"], entry["label"]) for entry in entries] == [
        ("company.industries", "software", "Software"),
        ("company.industries", "banking", "Banking"),
    ]
