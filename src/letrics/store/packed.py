"""Patches packed: bytes that pass between processes, take little memory, and are unpacked only where they are needed.

A contact's packed patch bears a digest of the row it was made from. The store keeps, with every contact, the digest of
a row that made it what it is; the same row once more changes nothing, which is told without unpacking it or reading the
contact. Who knows that before making a patch of the row packs a claim instead, which holds the row itself.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import msgspec
from msgspec import UnsetType

from letrics.records import Email
from letrics.store.base import CompanyPatch, ContactPatch
from letrics.store.identity import Key, id_key, linkedin_key, personal_keys

NO_DIGEST: Final = 0
"""The digest of a patch that must always be looked at, because it says something of the company too."""


class PackedContact(msgspec.Struct, frozen=True, array_like=True, gc=False, tag=0):
    """A patch in MessagePack, the digest of its row (signed 64 bits), and the first key by which its contact is looked
    for: that of its id, else its LinkedIn profile, else its first personal address; empty where it has none of them."""

    key: Key
    digest: int
    patch: bytes


class Claim(msgspec.Struct, frozen=True, array_like=True, gc=False, tag=1):
    """That a row, as it was `given`, is the one that made contact `num` what it is: its digest stood with the contact
    when that was looked up. Whoever writes must look again, and has the row itself where it is so no longer."""

    num: int
    digest: int
    given: bytes


Again = Callable[[bytes], PackedContact]
"""Makes a patch of a row as it was given, for a claim that does not hold."""


class PackedCompany(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A company's patch in MessagePack."""

    patch: bytes


_encode: Final = msgspec.msgpack.Encoder().encode
_decode_contact: Final = msgspec.msgpack.Decoder(ContactPatch).decode
_decode_company: Final = msgspec.msgpack.Decoder(CompanyPatch).decode


def pack_contact(patch: ContactPatch, digest: int = NO_DIGEST) -> PackedContact:
    """The patch, packed; `digest` is that of the row it was made from."""
    if type(patch.company) is not str:
        digest = NO_DIGEST
    key = first_key(patch.external_id, patch.linkedin_url, patch.emails)
    return PackedContact(key, digest, _encode(patch))


def unpack_contact(packed: PackedContact) -> ContactPatch:
    """The patch that was packed."""
    return _decode_contact(packed.patch)


def pack_company(patch: CompanyPatch) -> PackedCompany:
    """The patch, packed."""
    return PackedCompany(_encode(patch))


def unpack_company(patch: CompanyPatch | PackedCompany) -> CompanyPatch:
    """The patch, unpacked where it is packed."""
    return _decode_company(patch.patch) if isinstance(patch, PackedCompany) else patch


def first_key(
    external_id: str | None, linkedin_url: str | UnsetType | None, emails: tuple[Email, ...] | UnsetType
) -> Key:
    """The first key by which a contact is looked for; empty where there is none."""
    if external_id is not None:
        return id_key(external_id)
    profile = linkedin_key(linkedin_url) if linkedin_url else None
    if profile is not None:
        return profile
    return next(iter(personal_keys(emails)), b"") if emails else b""
