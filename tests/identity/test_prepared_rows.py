"""Prepared rows: the names, ids and keys of a patch, of which rows read elsewhere stay a part."""

from __future__ import annotations

from typing import Any

import msgspec
from hypothesis import given

from letrics.identity.keys import KEY_BYTES, Key, generate_id, id_key, linkedin_key, personal_keys
from letrics.identity.merge import new_contact
from letrics.identity.patches import ContactPatch
from letrics.identity.prepared_rows import PreparedRow, prepare_row
from letrics.records import Email
from tests.identity.test_resolver import patches

NOW = "2026-01-01T00:00:00.000Z"
URL = "https://www.linkedin.com/in/jane"
JANE, INFO = Email("jane@x.example", "personal"), Email("info@x.example", "generic")


def prepared(**members: Any) -> PreparedRow:
    return prepare_row(ContactPatch(company="a.example", **members))


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
    assert (row.full_name, row.name, row.id, row.keys, row.first_key) == ("Jane DOE", "jane doe", None, b"", b"")


def test_row_of_a_generic_address_is_named_by_it() -> None:
    row = prepared(emails=(INFO,))
    assert (row.full_name, row.name, row.id, row.keys) == (None, "\0info@x.example", None, b"")


def test_name_without_letters_counts_as_none() -> None:
    assert prepared(external_id="7", full_name=" ", emails=(JANE,)).name is None


def test_derived_fields_are_those_of_the_title() -> None:
    row = prepared(full_name="Jane", job_title="VP Sales")
    assert row.derived == ("Sales", "vp", True, ("department", "seniority", "is_decision_maker"))


@given(patches)
def test_prepared_row_is_that_of_the_new_contact(patch: ContactPatch) -> None:
    row, body = prepare_row(patch), new_contact(patch, patch.external_id or "", NOW)
    assert row.full_name == body.full_name
    assert row.derived == (body.department, body.seniority, body.is_decision_maker, body.derived)
    if row.id is not None:
        assert row.id == (patch.external_id or generate_id(body, "other.example"))


@given(patches)
def test_prepared_row_survives_encoding(patch: ContactPatch) -> None:
    row = prepare_row(patch)
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(row), type=PreparedRow) == row
