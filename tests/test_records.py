"""Records: documents, documents reduced to the requested fields, and the declarations of record fields."""

from __future__ import annotations

import json

import pytest

from letrics.identity.patches import CompanyPatch, ContactPatch
from letrics.records import (
    UNREADABLE,
    Company,
    Contact,
    ContactBody,
    Email,
    complete_company,
    complete_contact,
    cut_down,
    declared_fields,
    decode_company,
    decode_contact,
    encode,
    join_company,
    member_names,
    time_fields,
    types_of,
)

TIME = "2026-01-31T09:30:00.000Z"
COMPANY = Company(id="a.example", domain="a.example", name="Alpha", first_seen_at=TIME, added_at=TIME, updated_at=TIME)
CONTACT = ContactBody(id="ann", emails=(Email("ann@a.example", "personal"),), added_at=TIME, updated_at=TIME)

COMPANY_WITH_QUOTES = Company(
    id="a.example", domain="a.example", name=',"employees_range":', description=',"founded_year":', first_seen_at=TIME,
    added_at=TIME, updated_at=TIME,
)  # fmt: skip

DOCUMENT = b'{"id":"a","full_name":"Ann","company":{"id":"x.example","domain":"x.example","name":"X"}}'


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        (("full_name", "id"), {"full_name": "Ann", "id": "a"}),
        (("company.name", "id", "company.domain"), {"company": {"name": "X", "domain": "x.example"}, "id": "a"}),
        (("company.name", "company"), {"company": {"id": "x.example", "domain": "x.example", "name": "X"}}),
        ((), {}),
    ],
)
def test_cut_down_keeps_the_order_asked_for(members: tuple[str, ...], expected: dict[str, object]) -> None:
    assert json.dumps(json.loads(cut_down(DOCUMENT, members))) == json.dumps(expected)


def test_decode_returns_the_encoded_record() -> None:
    assert decode_company(encode(COMPANY)) == COMPANY
    assert decode_contact(encode(CONTACT)) == CONTACT
    assert list(json.loads(encode(COMPANY))) == list(Company.__struct_fields__)


@pytest.mark.parametrize("document", [b"", b"7", b"{}", b'{"id":7}', encode(CONTACT)[:-1]])
def test_decode_of_a_malformed_document_raises(document: bytes) -> None:
    with pytest.raises(UNREADABLE):
        decode_contact(document)


def test_join_company_is_the_document_of_the_contact() -> None:
    joined = json.loads(join_company(encode(CONTACT), encode(COMPANY)))
    assert joined == json.loads(encode(CONTACT)) | {"company": json.loads(encode(COMPANY))}
    assert list(joined) == list(Contact.__struct_fields__)


def test_complete_adds_fields_that_older_documents_lack() -> None:
    company = COMPANY_WITH_QUOTES
    older = encode(company).replace(b'"employees_range":null,', b"")
    assert older != encode(company) and complete_company(older) == encode(company)
    contact = ContactBody(id="x", full_name='a,"derived":', added_at=TIME, updated_at=TIME)
    older = encode(contact).replace(b'"locations":[],"derived":[],', b"")
    assert older != encode(contact) and complete_contact(older) == encode(contact)


def test_complete_leaves_whole_documents_unchanged() -> None:
    company, contact = encode(COMPANY), encode(CONTACT)
    assert complete_company(company) is company
    assert complete_contact(contact) is contact


def test_member_names_of_contacts_include_dotted_company_fields() -> None:
    assert member_names("companies") == Company.__struct_fields__
    names = member_names("contacts")
    assert names[: len(Contact.__struct_fields__)] == Contact.__struct_fields__
    assert names[len(Contact.__struct_fields__) :] == tuple(f"company.{name}" for name in Company.__struct_fields__)


@pytest.mark.parametrize("record", [Company, ContactBody])
def test_every_record_field_is_declared_with_a_sentence(record: type[Company | ContactBody]) -> None:
    declared = declared_fields(record)
    assert tuple(declared) == tuple(types_of(record)) == record.__struct_fields__
    assert all(field.meaning[0].isupper() and field.meaning.endswith(".") for field in declared.values())


def test_record_fields_without_a_column_are_derived() -> None:
    without = {name for name, field in declared_fields(Company).items() if field.form is None}
    assert without == {"tld"}
    assert {name for name, field in declared_fields(ContactBody).items() if field.form is None} == {"id"}


def test_time_fields_are_those_that_end_in_at() -> None:
    for record in (Company, ContactBody):
        assert time_fields(record) == tuple(name for name in record.__struct_fields__ if name.endswith("_at"))


def test_types_of_a_record_are_without_declarations() -> None:
    types = types_of(Company)
    assert types["employees"] == int | None
    assert types["technologies"] == tuple[str, ...]
    assert types_of(Contact)["company"] == Company | None


def test_patches_have_the_record_fields_with_a_column() -> None:
    for record, patch, own in ((Company, CompanyPatch, 2), (ContactBody, ContactPatch, 3)):
        declared = declared_fields(record)
        columns = {name for name, field in declared.items() if field.form is not None} - {"id", "domain"}
        assert set(patch.__struct_fields__[own:]) == columns
        assert patch.__struct_fields__[-1] == "updated_at"
