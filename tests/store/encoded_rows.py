"""Encoded patches and known contacts for tests. The raw row of a patch is the patch itself as MessagePack."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from hashlib import blake2b
from typing import overload

import msgspec

from letrics.identity.encoded_patches import (
    EncodedCompany,
    EncodedContact,
    KnownContact,
    encode_company_patch,
    encode_contact_patch,
    pack_contact,
    prepared_row,
)
from letrics.identity.keys import Key
from letrics.identity.patches import CompanyPatch, ContactPatch

_decode = msgspec.msgpack.Decoder(ContactPatch).decode


def digest(given: bytes) -> int:
    return int.from_bytes(blake2b(given, digest_size=8).digest(), "little", signed=True)


@overload
def encoded(patch: ContactPatch) -> EncodedContact: ...
@overload
def encoded(patch: CompanyPatch) -> EncodedCompany: ...
@overload
def encoded(patch: ContactPatch | CompanyPatch) -> EncodedContact | EncodedCompany: ...


def encoded(patch: ContactPatch | CompanyPatch) -> EncodedContact | EncodedCompany:
    """Encode the patch, that of a contact with the digest of its row."""
    if isinstance(patch, CompanyPatch):
        return encode_company_patch(patch)
    return encode_contact_patch(patch, digest(msgspec.msgpack.encode(patch)))


def first_key(row: EncodedContact) -> Key:
    """The first key for finding the contact of a row; empty if it has none."""
    return prepared_row(row).first_key


def known(patch: ContactPatch, num: int) -> KnownContact:
    """The row of a contact `num` that is up to date with it."""
    given = msgspec.msgpack.encode(patch)
    return KnownContact(num, digest(given), lambda: encoded(_decode(given)))


def recognized(
    patches: Sequence[ContactPatch | CompanyPatch], nums: Mapping[int, int]
) -> list[EncodedContact | KnownContact | EncodedCompany]:
    """The rows as sent by a reader that found these digests (`nums`: digest → num of its contact).

    One in three is read by this process, and one in three by another that has not prepared it.
    """
    rows: list[EncodedContact | KnownContact | EncodedCompany] = []
    for place, patch in enumerate(patches):
        if isinstance(patch, CompanyPatch):
            rows.append(encoded(patch))
            continue
        row = encoded(patch)
        if first_key(row) and row.digest in nums:
            rows.append(known(patch, nums[row.digest]))
        else:
            rows.append(pack_contact(row, prepare=place % 3 == 1) if place % 3 else row)
    return rows
