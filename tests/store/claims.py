"""Encoded patches and claims for tests. The raw row of a patch is the patch itself as MessagePack."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from hashlib import blake2b
from typing import overload

import msgspec

from letrics.identity.encoded_patches import (
    Claim,
    EncodedCompany,
    EncodedContact,
    encode_company_patch,
    encode_contact_patch,
)
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


def again(given: bytes) -> EncodedContact:
    """Make a patch from the raw row of a claim."""
    return encoded(_decode(given))


def claim(patch: ContactPatch, num: int) -> Claim:
    """Claim that contact `num` is up to date with the row."""
    given = msgspec.msgpack.encode(patch)
    return Claim(num, digest(given), given)


def recognized(
    patches: Sequence[ContactPatch | CompanyPatch], known: Mapping[int, int]
) -> list[EncodedContact | Claim | EncodedCompany]:
    """The rows as sent by a reader that found these digests (`known`: digest → num of its contact)."""
    rows: list[EncodedContact | Claim | EncodedCompany] = []
    for patch in patches:
        if isinstance(patch, CompanyPatch):
            rows.append(encoded(patch))
            continue
        row = encoded(patch)
        rows.append(claim(patch, known[row.digest]) if row.key and row.digest in known else row)
    return rows
