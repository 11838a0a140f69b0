"""Encoded patches: the round trip, and the digests of rows."""

from __future__ import annotations

from letrics.identity.encoded_patches import (
    decode_company_patch,
    decode_contact_patch,
    encode_company_patch,
)
from letrics.identity.patches import CompanyPatch, ContactPatch
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
