"""Patches with what identifies their rows. A patch from another process is MessagePack, decoded only when needed.

The patch of a contact has a digest of the row it was made from. The store has, with a contact, the digest of a row that
agrees with its current state. The same row changes nothing, so the store skips it without decoding the patch or reading
the contact. A reader that already knows the digest sends a claim with the raw row instead of a patch.
"""

from __future__ import annotations

from collections.abc import Callable, MutableMapping
from typing import Final, cast

import msgspec
from msgspec import UnsetType
from msgspec.structs import replace

from letrics.identity.keys import Key, id_key, linkedin_key, personal_keys
from letrics.identity.patches import CompanyPatch, ContactPatch
from letrics.records import Email

NO_DIGEST: Final = 0
"""Digest of a patch that the store must always decode, because the patch also has values of the company."""


class EncodedContact(msgspec.Struct, frozen=True, array_like=True, gc=False, tag=0):
    """A contact patch, with the digest of its row (signed 64 bits) and the first key for finding the contact.

    The patch is encoded only if it comes from another process. The key is that of the id, else of the LinkedIn profile,
    else of the first personal address, else empty. `company` is the encoded patch of the company, if the patch lacks it
    because many rows have the same.
    """

    key: Key
    digest: int
    patch: ContactPatch | bytes
    company: bytes = b""


class Claim(msgspec.Struct, frozen=True, array_like=True, gc=False, tag=1):
    """Claims that contact `num` is already up to date with the raw row `given`, because it had the row's digest.

    The writer checks the digest again. If it no longer matches, the writer makes a patch from the raw row.
    """

    num: int
    digest: int
    given: bytes


class EncodedCompany(msgspec.Struct, frozen=True, array_like=True, gc=False, tag=2):
    """A company patch, encoded if it comes from another process.

    Among contacts it is a row that identifies a company and no person.
    """

    patch: CompanyPatch | bytes


Again = Callable[[bytes], EncodedContact]
"""Makes a patch from a raw row, for a claim that does not hold."""


ContactRow = ContactPatch | EncodedContact | Claim
"""A row that is a contact."""
AnyPatch = ContactRow | EncodedCompany
"""A row of a batch of contacts."""


def read_claim(patch: ContactRow, again: Again | None) -> ContactPatch | EncodedContact:
    """The patch, made with `again` if it is a claim."""
    if type(patch) is Claim:
        assert again is not None, "`put_contacts` with claims needs `again`"
        return again(patch.given)
    return cast("ContactPatch | EncodedContact", patch)


_decode_contact: Final = msgspec.msgpack.Decoder(ContactPatch).decode
_decode_company: Final = msgspec.msgpack.Decoder(CompanyPatch).decode


def encode_contact_patch(patch: ContactPatch, digest: int = NO_DIGEST, company: bytes = b"") -> EncodedContact:
    """Add the key to a contact patch; `digest` is that of the row it was made from. `company` is that of the result."""
    if company or isinstance(patch.company, CompanyPatch):
        digest = NO_DIGEST
    key = first_key(patch.external_id, patch.linkedin_url, patch.emails)
    return EncodedContact(key, digest, patch, company)


def decode_contact_patch(
    encoded: EncodedContact, companies: MutableMapping[bytes, CompanyPatch] | None = None
) -> ContactPatch:
    """Return the contact patch, decoded if necessary. `companies` are those that are decoded already: patches with the
    same encoded company have the same object."""
    patch = encoded.patch
    if isinstance(patch, bytes):
        patch = _decode_contact(patch)
    if not encoded.company:
        return patch
    companies = {} if companies is None else companies
    company = companies.get(encoded.company)
    if company is None:
        company = companies[encoded.company] = _decode_company(encoded.company)
    return replace(patch, company=company)


def encode_company_patch(patch: CompanyPatch) -> EncodedCompany:
    """Wrap a company patch."""
    return EncodedCompany(patch)


def decode_company_patch(patch: CompanyPatch | EncodedCompany) -> CompanyPatch:
    """Return the company patch, decoded if necessary."""
    given = patch.patch if isinstance(patch, EncodedCompany) else patch
    return _decode_company(given) if isinstance(given, bytes) else given


def first_key(
    external_id: str | None, linkedin_url: str | UnsetType | None, emails: tuple[Email, ...] | UnsetType
) -> Key:
    """The first key for finding a contact; empty if it has none."""
    if external_id is not None:
        return id_key(external_id)
    profile = linkedin_key(linkedin_url) if linkedin_url else None
    if profile is not None:
        return profile
    return next(iter(personal_keys(emails)), b"") if emails else b""
