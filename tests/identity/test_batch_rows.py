"""Rows of a batch of contacts: their keys, and the contacts that they can be."""

from __future__ import annotations

import pytest
from msgspec import UNSET

from letrics.identity.batch_rows import FREE, KEYED, NAMED, BatchRow, Held, keys_of, make_row, rank, standing
from letrics.identity.encoded_patches import encode_contact_patch
from letrics.identity.keys import id_key, linkedin_key, name_key, personal_keys
from letrics.identity.patches import CompanyPatch, ContactPatch
from letrics.records import ContactBody, Email

NOW = "2026-01-01T00:00:00.000Z"
JANE, INFO = Email("jane@a.example", "personal"), Email("info@a.example", "generic")
URL = "https://www.linkedin.com/in/jane"


def body(id: str = "7", **members: object) -> ContactBody:
    return ContactBody(id=id, added_at=NOW, updated_at=NOW, **members)  # type: ignore[arg-type]


def patch(**members: object) -> ContactPatch:
    return ContactPatch(company="a.example", **members)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("contact", "external", "expected"),
    [
        (body(), False, FREE),
        (body(emails=(INFO,)), False, FREE),
        (body(), True, NAMED),
        (body(emails=(JANE,)), False, KEYED),
        (body(linkedin_url=URL), True, KEYED),
        (body(linkedin_url="https://linkedin.com/in/"), True, NAMED),
    ],
)
def test_rank_depends_on_keys_then_on_the_id(contact: ContactBody, external: bool, expected: int) -> None:
    assert rank(contact, external) == expected


def test_keys_of_a_contact_are_id_profile_addresses_and_name() -> None:
    contact = body(linkedin_url=URL, emails=(JANE, INFO), full_name="Jane  DOE")
    assert list(keys_of(contact, 3)) == [
        id_key("7"), linkedin_key(URL), *personal_keys((JANE,)), name_key("jane doe", 3),
    ]  # fmt: skip
    assert list(keys_of(body(emails=(JANE,)), 3)) == [id_key("7"), *personal_keys((JANE,))]


def test_row_of_a_patch_has_its_keys_and_domain() -> None:
    row = BatchRow(patch(external_id="7", linkedin_url=URL, emails=(JANE, INFO)))
    assert row.id_key == id_key("7")
    assert row.keys == (linkedin_key(URL), *personal_keys((JANE,)))
    assert (row.profile, row.addresses) == (row.keys[:1], row.keys[1:])
    assert row.domain == "a.example"
    assert BatchRow(ContactPatch(company=CompanyPatch(domain="b.example"))).domain == "b.example"
    bare = BatchRow(patch(linkedin_url=None, emails=()))
    assert (bare.id_key, bare.keys) == (None, ())


@pytest.mark.parametrize("given", [patch(external_id="7", phone="1"), patch(linkedin_url=URL), patch()])
def test_make_row_of_an_encoded_patch_is_that_of_the_patch(given: ContactPatch) -> None:
    row, same = make_row(encode_contact_patch(given, 9)), make_row(given)
    assert row.patch == same.patch == given
    assert (row.id_key, row.keys) == (same.id_key, same.keys)
    assert (row.digest, same.digest, make_row(encode_contact_patch(given)).digest) == (9, None, None)


@pytest.mark.parametrize(
    ("owns", "changed", "members", "settled"),
    [
        (True, False, {}, True),
        (True, False, {"linkedin_url": URL, "emails": (JANE,)}, True),
        (True, False, {"emails": ()}, False),
        (True, False, {"linkedin_url": None}, False),
        (False, False, {}, False),
        (True, True, {}, False),
    ],
)
def test_row_settles_with_a_contact_that_has_its_keys(
    owns: bool, changed: bool, members: dict[str, object], settled: bool
) -> None:
    held = Held(0, 0, body(linkedin_url=URL, emails=(JANE,)), True, owns, changed=changed)
    row = BatchRow(patch(external_id="7", **members))
    assert row.settle(held) is row.settled is settled
    assert BatchRow(patch()).settle(None) is False


@pytest.mark.parametrize(
    ("members", "named"),
    [
        ({"linkedin_url": None, "emails": ()}, True),
        ({"emails": ()}, False),
        ({"linkedin_url": URL}, False),
        ({}, False),
    ],
)
def test_row_names_all_keys_if_it_gives_both(members: dict[str, object], named: bool) -> None:
    assert BatchRow(patch(**members)).names_all_keys() is named


def test_row_as_new_contact_is_made_once_with_its_name_key() -> None:
    row = BatchRow(patch(external_id="7", full_name="Jane"))
    row.company = 3
    contact = row.as_new_contact(NOW)
    assert (contact.id, contact.full_name, contact.added_at) == ("7", "Jane", NOW)
    assert row.name_key == name_key("jane", 3)
    assert row.as_new_contact("2027-01-01T00:00:00.000Z") is contact
    keyed = BatchRow(patch(emails=(JANE,)))
    keyed.as_new_contact(NOW)
    assert keyed.name_key is None


def test_row_with_an_id_is_no_contact_of_another_id() -> None:
    external, generated = Held(0, 0, body(), True), Held(1, 0, body(), False)
    with_id, without = BatchRow(patch(external_id="8")), BatchRow(patch())
    assert not with_id.may_be(external) and with_id.may_be(generated)
    assert without.may_be(external) and without.may_be(generated)


def test_standing_changes_with_name_keys_and_company() -> None:
    contact = body(full_name="Jane", emails=(JANE,), phone="1")
    assert standing(contact, 1) == standing(body(full_name="Jane", emails=(JANE,), job_title="CTO"), 1)
    for other in (body(full_name="Jan", emails=(JANE,)), body(full_name="Jane"), body("8", full_name="Jane")):
        assert standing(contact, 1) != standing(other, 1)
    assert standing(contact, 1) != standing(contact, 2)
    assert UNSET not in standing(contact, 1)
