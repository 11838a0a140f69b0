"""Patches with what identifies their rows. A patch from another process is MessagePack, decoded only when needed.

The patch of a contact has a digest of the row it was made from. The store has, with a contact, the digest of a row that
agrees with its current state. The same row changes nothing, so the store skips it without decoding the patch or reading
the contact. A row whose digest a reader has found is not even mapped to a patch.
"""

from __future__ import annotations

from collections.abc import Callable, MutableMapping
from typing import Final

import msgspec
from msgspec import UNSET, UnsetType
from msgspec.structs import replace

from letrics.identity.patches import CompanyPatch, ContactPatch
from letrics.identity.prepared_rows import PreparedRow, prepare_row

NO_DIGEST: Final = 0
"""Digest of a patch that the store must always decode, because the patch also has values of the company."""


class EncodedContact(msgspec.Struct, frozen=True, array_like=True, gc=False, tag=0):
    """A contact patch with the digest of its row (signed 64 bits).

    The patch is encoded only if it comes from another process; that process may also have `prepared` the row. `company`
    is the encoded patch of the company, which `patch` then lacks: many rows have the same. With an encoded patch,
    `domain` is that of the company if the row says nothing else of it.
    """

    digest: int
    patch: ContactPatch | bytes
    company: bytes = b""
    domain: str = ""
    prepared: PreparedRow | None = None


class KnownContact(msgspec.Struct, frozen=True, gc=False):
    """A row with which contact `num` was up to date when it was looked up: it had the row's digest.

    The store compares the digests again. If they differ by now, `read` maps the row to its patch.
    """

    num: int
    digest: int
    read: Callable[[], EncodedContact]


class EncodedCompany(msgspec.Struct, frozen=True, array_like=True, gc=False, tag=2):
    """A company patch, encoded if it comes from another process.

    Among contacts it is a row that identifies a company and no person.
    """

    patch: CompanyPatch | bytes


ContactRow = ContactPatch | EncodedContact | KnownContact
"""A row that is a contact."""
AnyPatch = ContactRow | EncodedCompany
"""A row of a batch of contacts."""


def read_known(row: ContactRow) -> ContactPatch | EncodedContact:
    """The patch of a row, which is read now if it is that of a known contact."""
    return row.read() if isinstance(row, KnownContact) else row


_encode: Final = msgspec.msgpack.Encoder().encode
_decode_contact: Final = msgspec.msgpack.Decoder(ContactPatch).decode
_decode_company: Final = msgspec.msgpack.Decoder(CompanyPatch).decode


def encode_contact_patch(patch: ContactPatch, digest: int = NO_DIGEST, company: bytes = b"") -> EncodedContact:
    """Wrap a contact patch; `digest` is that of the row it was made from. `company` is that of the result."""
    if company or isinstance(patch.company, CompanyPatch):
        digest = NO_DIGEST
    return EncodedContact(digest, patch, company)


def decode_contact_patch(
    encoded: EncodedContact, companies: MutableMapping[bytes, CompanyPatch] | None = None
) -> ContactPatch:
    """Return the contact patch, decoded if necessary. `companies` are those that are decoded already: patches with the
    same encoded company have the same object."""
    patch, company = encoded.patch, encoded.company
    if isinstance(patch, bytes):
        patch = _decode_contact(patch)
    if not company:
        return patch
    return replace(patch, company=decode_company_patch(company, companies))


def named_company(row: ContactPatch | EncodedContact) -> str | CompanyPatch | bytes | UnsetType | None:
    """The company that a row names, without decoding its patch. That of the company may be encoded, too."""
    if not isinstance(row, EncodedContact):
        return row.company
    if row.company:
        return row.company
    patch = row.patch
    return (row.domain or None) if isinstance(patch, bytes) else patch.company


def prepared_row(row: ContactPatch | EncodedContact) -> PreparedRow:
    """The row, prepared now if it is not."""
    if not isinstance(row, EncodedContact):
        return prepare_row(row)
    patch = row.patch
    return row.prepared or prepare_row(_decode_contact(patch) if isinstance(patch, bytes) else patch)


def pack_contact(row: EncodedContact, prepare: bool) -> EncodedContact:
    """The row with its patch encoded for another process, and prepared if that process should not do it."""
    patch, company, domain = row.patch, row.company, ""
    if isinstance(patch, bytes):
        return row
    prepared = prepare_row(patch) if prepare else None
    if isinstance(patch.company, CompanyPatch):
        company, patch = _encode(patch.company), replace(patch, company=UNSET)
    elif patch.company:
        domain = patch.company
    return EncodedContact(row.digest, _encode(patch), company, domain, prepared)


def encode_company_patch(patch: CompanyPatch) -> EncodedCompany:
    """Wrap a company patch."""
    return EncodedCompany(patch)


def decode_company_patch(
    given: CompanyPatch | EncodedCompany | bytes, companies: MutableMapping[bytes, CompanyPatch] | None = None
) -> CompanyPatch:
    """Return the company patch, decoded if necessary. `companies` are those that are decoded already."""
    patch = given.patch if isinstance(given, EncodedCompany) else given
    if not isinstance(patch, bytes):
        return patch
    if companies is None:
        return _decode_company(patch)
    company = companies.get(patch)
    if company is None:
        company = companies[patch] = _decode_company(patch)
    return company
