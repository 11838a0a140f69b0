"""Keyed hashes of people who were forgotten."""

from __future__ import annotations

from msgspec.structs import replace

from letrics.identity.forgotten import ForgottenPeople, PersonKeys, keys_of_record, keys_of_row, person_keys
from letrics.identity.keys import id_key
from letrics.identity.patches import ContactPatch
from letrics.records import ContactBody, Email

JANE = ContactBody(
    id="c1", full_name="Jane Roe", emails=(Email("jane@acme.example", "personal"),), added_at="", updated_at=""
)


def listed(person: PersonKeys, secret: bytes = b"secret") -> ForgottenPeople:
    return ForgottenPeople([secret], ForgottenPeople([secret]).hashes(person))


def test_hashes_differ_by_secret() -> None:
    person = person_keys(JANE, ["acme.example"], False)
    some, other = (set(ForgottenPeople([secret]).hashes(person)) for secret in (b"some", b"other"))
    assert len(some) == 3
    assert not some & other


def test_have_finds_people_of_every_secret() -> None:
    hashes = ForgottenPeople([b"some"]).hashes(PersonKeys([id_key("x")]))
    assert ForgottenPeople([b"other", b"some"], hashes).have(PersonKeys([id_key("x")]))
    assert not ForgottenPeople([b"other"], hashes).have(PersonKeys([id_key("x")]))


def test_row_and_record_of_the_person_are_found() -> None:
    people = listed(person_keys(JANE, ["acme.example"], False))
    assert people.have(keys_of_record(JANE, ["acme.example"], False))
    assert people.have(keys_of_row(ContactPatch(emails=JANE.emails)))
    assert people.have(keys_of_row(ContactPatch(first_name="jane", last_name="ROE", company="acme.example")))
    assert not people.have(keys_of_row(ContactPatch(full_name="Jane Roe", company="bolt.example")))


def test_name_does_not_stop_a_row_with_another_address() -> None:
    people = listed(person_keys(JANE, ["acme.example"], False))
    emails = (Email("roe@acme.example", "personal"),)
    assert not people.have(keys_of_row(ContactPatch(full_name="Jane Roe", company="acme.example", emails=emails)))


def test_name_of_an_unkeyed_person_stops_every_row() -> None:
    people = listed(person_keys(replace(JANE, emails=()), ["acme.example"], False))
    emails = (Email("roe@acme.example", "personal"),)
    assert people.have(keys_of_row(ContactPatch(full_name="Jane Roe", company="acme.example", emails=emails)))


def test_no_people_have_nothing() -> None:
    assert not ForgottenPeople([b"secret"])
    assert not ForgottenPeople([b"secret"]).have(keys_of_record(JANE, (), False))
