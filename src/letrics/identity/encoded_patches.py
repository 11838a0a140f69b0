"""Patches with what identifies their rows. A patch from another process is MessagePack, decoded only when needed.

The patch of a contact has a digest of the row it was made from. The store has, with a contact, the digest of a row that
agrees with its current state. The same row changes nothing, so the store skips it without decoding the patch or reading
the contact. A row whose digest a reader has found is not even mapped to a patch.
"""

from __future__ import annotations

from collections.abc import Callable, MutableMapping
from typing import Final

import msgspec
from msgspec.structs import replace

from letrics.identity.keys import Key
from letrics.identity.patches import CompanyPatch, ContactPatch
from letrics.identity.prepared_rows import PreparedRow, prepare_row

NO_DIGEST: Final = 0
"""Digest of a patch that the store must always decode, because the patch also has values of the company."""


class EncodedContact(msgspec.Struct, frozen=True, array_like=True, gc=False, tag=0):
    """A contact patch, prepared, with the digest of its row (signed 64 bits).

    The patch is encoded only if it comes from another process. `company` is the encoded patch of the company, if the
    patch lacks it because many rows have the same.
    """

    prepared: PreparedRow
    digest: int
    patch: ContactPatch | bytes
    company: bytes = b""

    @property
    def key(self) -> Key:
        """The first key for finding the contact; empty if it has none."""
        return self.prepared.first_key


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


_decode_contact: Final = msgspec.msgpack.Decoder(ContactPatch).decode
_decode_company: Final = msgspec.msgpack.Decoder(CompanyPatch).decode


def encode_contact_patch(patch: ContactPatch, digest: int = NO_DIGEST, company: bytes = b"") -> EncodedContact:
    """Prepare a contact patch; `digest` is that of the row it was made from. `company` is that of the result."""
    if company or isinstance(patch.company, CompanyPatch):
        digest = NO_DIGEST
    return EncodedContact(prepare_row(patch), digest, patch, company)


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
