"""Encoded patches: the round trip, and the digests of rows."""

from __future__ import annotations

import msgspec
from hypothesis import given
from msgspec import UNSET
from msgspec.structs import replace

from letrics.identity.encoded_patches import (
    EncodedContact,
    decode_company_patch,
    decode_contact_patch,
    encode_company_patch,
    encode_contact_patch,
    named_company,
    pack_contact,
    prepared_row,
)
from letrics.identity.patches import CompanyPatch, ContactPatch
from tests.identity.test_resolver import patches
from tests.store.encoded_rows import encoded
from tests.store.patches import ADA


def test_encoded_patch_is_decoded_unchanged() -> None:
    assert decode_contact_patch(encoded(ADA)) == ADA
    company = CompanyPatch(domain="a.example", name=None, functions=("X",))
    assert decode_company_patch(encode_company_patch(company)) == decode_company_patch(company) == company


def test_digests_of_different_rows_differ() -> None:
    others = [
        ContactPatch(company="a.example", external_id="1"),
        ContactPatch(company="a.example", external_id="1", phone=None),
        ContactPatch(company="b.example", external_id="1"),
    ]
    assert len({encoded(row).digest for row in (ADA, *others)}) == 4
    assert encoded(ADA).digest == encoded(decode_contact_patch(encoded(ADA))).digest


def decoded(named: object) -> object:
    """What a row names, decoded; None for nothing."""
    return decode_company_patch(named) if isinstance(named, bytes) else named or None


@given(patches)
def test_packed_row_names_its_company_and_is_decoded_unchanged(patch: ContactPatch) -> None:
    rows = [encode_contact_patch(patch)]
    if isinstance(patch.company, CompanyPatch):  # as the rows of a company are read
        encoded_company = msgspec.msgpack.encode(patch.company)
        rows.append(encode_contact_patch(replace(patch, company=UNSET), company=encoded_company))
    for row in rows:
        for prepare in (False, True):
            packed = pack_contact(row, prepare)
            sent = msgspec.msgpack.decode(msgspec.msgpack.encode(packed), type=EncodedContact)
            assert sent == packed and (sent.prepared is not None) is prepare
            assert decode_contact_patch(sent) == patch
            assert decoded(named_company(sent)) == decoded(named_company(row)) == (patch.company or None)
            assert prepared_row(sent) == prepared_row(row) == prepared_row(patch)
    assert named_company(patch) == patch.company


def test_rows_of_a_company_share_its_decoded_patch() -> None:
    company = msgspec.msgpack.encode(CompanyPatch(domain="a.example", name="A"))
    rows = [pack_contact(encode_contact_patch(ContactPatch(external_id=id), company=company), True) for id in "12"]
    known: dict[bytes, CompanyPatch] = {}
    first, second = (decode_contact_patch(row, known).company for row in rows)
    assert first is second is decode_company_patch(company, known)
    assert [named_company(row) for row in rows] == [company] * 2
