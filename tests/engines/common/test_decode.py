"""Documents decoded to the fields of facts: those that are asked for, with the types and defaults of the record."""

from __future__ import annotations

import json
from random import Random

import msgspec
import pytest

from letrics.engines.common.decode import decode_members, decoder_of
from letrics.fields import FACTS, Owner
from letrics.records import UNREADABLE, Company, ContactBody, Email, Place, encode
from tests.engines.bitmap.world import World

TIME = "2026-01-31T09:30:00.000Z"
COMPANY = Company(
    id="a.example", domain="a.example", name="Alpha", website="https://a.example", description="First",
    tld="example", locations=(Place(city="Berlin"),), functions=("Dealer",), industries=("Software",),
    technologies=("Go", "C"), emails=(Email("info@a.example", "generic"),), linkedin_url="https://linkedin.example/a",
    employees=12, founded_year=1999, first_seen_at=TIME, added_at=TIME, updated_at=TIME,
)  # fmt: skip
CONTACT = ContactBody(
    id="ann", first_name="Ann", last_name="Archer", full_name="Ann Archer", job_title="Manager", department="Sales",
    seniority="Head", is_decision_maker=True, emails=(Email("ann@a.example", "personal"),),
    linkedin_url="https://linkedin.example/in/ann", phone="+49 30 555", added_at=TIME, updated_at=TIME,
)  # fmt: skip
RECORDS: dict[Owner, Company | ContactBody] = {"company": COMPANY, "contact": CONTACT}
REQUIRED = b'{"id":"ann","added_at":"%s","updated_at":"%s"}' % (TIME.encode(), TIME.encode())


@pytest.mark.parametrize("owner", RECORDS)
def test_decode_members_reads_every_field_of_a_record(owner: Owner) -> None:
    record = RECORDS[owner]
    for name in record.__struct_fields__:
        assert decode_members(owner, [encode(record)], {name}) == {name: [getattr(record, name)]}
    together = decode_members(owner, [encode(record)] * 2, record.__struct_fields__)
    assert together == {name: [getattr(record, name)] * 2 for name in record.__struct_fields__}


def test_decode_members_covers_the_field_of_every_fact() -> None:
    for fact in FACTS:
        found = decode_members(fact.owner, [encode(RECORDS[fact.owner])], {fact.member})
        assert found == {fact.member: [getattr(RECORDS[fact.owner], fact.member)]}


def test_decode_members_uses_defaults_of_absent_fields() -> None:
    found = decode_members("contact", [REQUIRED], {"job_title", "emails", "is_decision_maker", "added_at"})
    assert found == {"job_title": [None], "emails": [()], "is_decision_maker": [None], "added_at": [TIME]}


def test_decode_members_without_a_required_field_raises() -> None:
    with pytest.raises(msgspec.ValidationError):
        decode_members("contact", [b'{"id":"ann"}'], {"added_at"})


@pytest.mark.parametrize("document", [b"7", b'{"added_at":7}', b'{"added_at":"\xff"}', b'{"added_at":"', b""])
def test_decode_members_of_a_malformed_document_raises(document: bytes) -> None:
    with pytest.raises((*UNREADABLE, ValueError)):
        decode_members("contact", [REQUIRED, document], {"added_at"})


def test_decode_members_of_two_objects_in_one_raises() -> None:
    with pytest.raises(ValueError, match="not one JSON object"):
        decode_members("contact", [REQUIRED + b"," + REQUIRED], {"added_at"})


def test_decode_members_keeps_order_over_many_documents() -> None:
    documents = [REQUIRED.replace(b"ann", b"c%d" % number) for number in range(1000)]
    ids = [f"c{number}" for number in range(1000)]
    assert decode_members("contact", documents, {"id"}) == {"id": ids}


def test_decoder_has_only_fields_asked_for_in_record_order() -> None:
    (record,) = decoder_of("company", frozenset({"technologies", "name"})).decode(b"[%s]" % encode(COMPANY))
    assert record.__struct_fields__ == ("name", "technologies")


def test_decoder_of_the_same_fields_is_cached() -> None:
    names = frozenset({"technologies", "name"})
    assert decoder_of("company", names) is decoder_of("company", frozenset(names))


def _documents(count: int, seed: int) -> list[bytes]:
    world = World(Random(seed), companies=1, contacts=count)
    return [encode(body) for _, body in world.contacts.values()]


@pytest.mark.parametrize("count", [0, 1, 255, 256, 257, 600])
def test_decode_members_any_number_of_documents_is_json(count: int, seed: int) -> None:
    documents = _documents(count, seed)
    found = decode_members("contact", documents, ["full_name", "is_decision_maker", "emails"])
    plain = [json.loads(document) for document in documents]
    assert found["full_name"] == [record["full_name"] for record in plain]
    assert found["is_decision_maker"] == [record["is_decision_maker"] for record in plain]
    assert [list(map(msgspec.to_builtins, emails)) for emails in found["emails"]] == [
        record["emails"] for record in plain
    ]
