"""Prepared rows: the names, ids, keys and documents of patches are those of the contacts that they become."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given

from letrics.identity.keys import KEY_BYTES, Key, generate_id, id_key, linkedin_key, personal_keys
from letrics.identity.merge import new_contact
from letrics.identity.patches import ContactPatch
from letrics.identity.prepared_rows import PreparedRow, prepare_row
from letrics.records import DERIVABLE, ContactBody, Email, decode_contact, encode
from tests.identity.test_resolver import patches

NOW, THEN = "2026-01-01T00:00:00.000Z", "2025-01-01T00:00:00.000Z"
URL = "https://www.linkedin.com/in/jane"
JANE, INFO = Email("jane@x.example", "personal"), Email("info@x.example", "generic")


def prepared(**members: Any) -> PreparedRow:
    return prepare_row(ContactPatch(company="a.example", **members))


def body_of(row: PreparedRow) -> ContactBody:
    return decode_contact(row.document("x", NOW))


def keys_of(row: PreparedRow) -> list[Key]:
    return [row.keys[start : start + KEY_BYTES] for start in range(0, len(row.keys), KEY_BYTES)]


def test_given_id_is_kept_and_its_key_comes_first() -> None:
    row = prepared(external_id="7", linkedin_url=URL, emails=(INFO, JANE))
    assert row.id == "7" and row.first_key == id_key("7")
    assert keys_of(row) == [id_key("7"), linkedin_key(URL), *personal_keys((JANE,))]


def test_generated_id_comes_last() -> None:
    row = prepared(emails=(JANE,))
    assert row.id is not None and row.first_key == personal_keys((JANE,))[0]
    assert keys_of(row) == [*personal_keys((JANE,)), id_key(row.id)]


def test_row_with_a_name_alone_has_neither_id_nor_key() -> None:
    row = prepared(first_name="Jane", last_name="DOE")
    assert (row.name, row.id, row.keys, row.first_key) == ("jane doe", None, b"", b"")
    assert body_of(row).full_name == "Jane DOE"


def test_row_of_a_generic_address_is_named_by_it() -> None:
    row = prepared(emails=(INFO,))
    assert (row.name, row.id, row.keys) == ("\0info@x.example", None, b"")
    assert body_of(row).full_name is None


def test_name_without_letters_counts_as_none() -> None:
    assert prepared(external_id="7", full_name=" ", emails=(JANE,)).name is None


def test_derived_fields_are_those_of_the_title() -> None:
    body = body_of(prepared(full_name="Jane", job_title="VP Sales"))
    assert (body.department, body.seniority, body.is_decision_maker) == ("Sales", "vp", True)
    assert body.derived == DERIVABLE


@pytest.mark.parametrize("given", [{}, {"added_at": THEN}, {"updated_at": THEN}, {"added_at": THEN, "updated_at": NOW}])
def test_times_that_are_not_given_are_now(given: dict[str, str]) -> None:
    body = body_of(prepared(full_name="Jane", **given))
    assert (body.added_at, body.updated_at) == (given.get("added_at", NOW), given.get("updated_at", NOW))


def test_id_is_escaped() -> None:
    row = prepared(external_id='a"\\\n\u20ac')
    assert row.id is not None and decode_contact(row.document(row.id, NOW)).id == 'a"\\\n\u20ac'


@given(patches)
def test_prepared_row_is_that_of_the_new_contact(patch: ContactPatch) -> None:
    row, body = prepare_row(patch), new_contact(patch, patch.external_id or "", NOW)
    assert row.document(body.id, NOW) == encode(body)
    assert row.is_external is (patch.external_id is not None)
    assert row.id is None or row.id == (patch.external_id or generate_id(body, "other.example"))


@given(patches)
def test_prepared_row_survives_encoding(patch: ContactPatch) -> None:
    row = prepare_row(patch)
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(row), type=PreparedRow) == row
