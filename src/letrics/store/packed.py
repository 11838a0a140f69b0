"""Patches packed: bytes that pass between processes, take little memory, and are unpacked only where they are needed.

A contact's packed patch bears a digest of itself. The store keeps, with every contact, the digest of the patch that
made it what it is; the same patch once more changes nothing, which is told without unpacking it or reading the contact.
"""

from __future__ import annotations

from hashlib import blake2b
from typing import Final

import msgspec

from letrics.store.base import CompanyPatch, ContactPatch
from letrics.store.identity import Key, id_key, linkedin_key, personal_keys

NO_DIGEST: Final = 0
"""The digest of a patch that must always be looked at, because it says something of the company too."""

_VERSION: Final = b"1"
"""To be counted up when the same patch comes to mean something else."""


class PackedContact(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A patch in MessagePack, its digest (signed 64 bits), and the first key by which its contact is looked for: that
    of its id, else its LinkedIn profile, else its first personal address; empty where it has none of them."""

    key: Key
    digest: int
    patch: bytes


class PackedCompany(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A company's patch in MessagePack."""

    patch: bytes


_encode: Final = msgspec.msgpack.Encoder().encode
_decode_contact: Final = msgspec.msgpack.Decoder(ContactPatch).decode
_decode_company: Final = msgspec.msgpack.Decoder(CompanyPatch).decode


def pack_contact(patch: ContactPatch) -> PackedContact:
    """The patch, packed."""
    packed = _encode(patch)
    digest = NO_DIGEST
    if type(patch.company) is str:
        digest = int.from_bytes(blake2b(packed, digest_size=8, salt=_VERSION).digest(), "little", signed=True)
    return PackedContact(_first_key(patch), digest, packed)


def unpack_contact(packed: PackedContact) -> ContactPatch:
    """The patch that was packed."""
    return _decode_contact(packed.patch)


def pack_company(patch: CompanyPatch) -> PackedCompany:
    """The patch, packed."""
    return PackedCompany(_encode(patch))


def unpack_company(patch: CompanyPatch | PackedCompany) -> CompanyPatch:
    """The patch, unpacked where it is packed."""
    return _decode_company(patch.patch) if isinstance(patch, PackedCompany) else patch


def _first_key(patch: ContactPatch) -> Key:
    if patch.external_id is not None:
        return id_key(patch.external_id)
    profile = linkedin_key(patch.linkedin_url) if patch.linkedin_url else None
    if profile is not None:
        return profile
    return next(iter(personal_keys(patch.emails)), b"") if patch.emails else b""
