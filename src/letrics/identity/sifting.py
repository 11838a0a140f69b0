"""Sorts out the rows of a batch that would add people who were forgotten."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from msgspec import UNSET
from msgspec.structs import replace

from letrics.identity.encoded_patches import (
    AnyPatch,
    EncodedCompany,
    EncodedContact,
    KnownContact,
    decode_company_patch,
    decode_contact_patch,
    read_known,
)
from letrics.identity.forgotten import ForgottenPeople, keys_of_row
from letrics.identity.keys import Key, hash_key, personal_keys, profile_key
from letrics.identity.linkedin import linkedin_profile
from letrics.identity.mentions import ENDS, SEPARATORS
from letrics.identity.patches import CompanyPatch, ContactPatch, RowEffect
from letrics.normalize.email import email_key
from letrics.records import Email

NOT_STORED: Final = -1
"""The num in the effect of a row that is not stored."""


class SiftedRows(NamedTuple):
    """The rows of a batch without those of forgotten people, and the place of each in the batch.

    `forgotten` are the places of the rows of forgotten people. Such a row leaves its company, if it names one;
    `companies` counts these.
    """

    rows: Sequence[AnyPatch]
    places: Sequence[int]
    forgotten: Sequence[int]
    companies: int


def sift_rows(rows: Sequence[AnyPatch], people: ForgottenPeople, digests: Mapping[int, int | None]) -> SiftedRows:
    """Sort out the rows of forgotten people. `digests` has those of the known contacts.

    A contact that is still up to date with its row is stored, and so no forgotten person.
    """
    kept, places, forgotten, companies = list[AnyPatch](), list[int](), list[int](), 0
    for place, row in enumerate(rows):
        sifted: AnyPatch | None = row
        if isinstance(row, EncodedCompany):
            sifted = EncodedCompany(without_addresses(decode_company_patch(row), people))
        elif not isinstance(row, KnownContact) or digests.get(row.num) != row.digest:
            sifted = _sift(read_known(row), people)
            if sifted is None or isinstance(sifted, EncodedCompany):
                forgotten.append(place)
                companies += sifted is not None
        if sifted is not None:
            kept.append(sifted)
            places.append(place)
    return SiftedRows(kept, places, forgotten, companies)


def _sift(row: ContactPatch | EncodedContact, people: ForgottenPeople) -> AnyPatch | None:
    """The row, decoded; of a row of a forgotten person its company, None if it names none."""
    patch = decode_contact_patch(row) if isinstance(row, EncodedContact) else row
    if people.have(keys_of_row(patch)):
        company = _company_of(patch, people)
        return None if company is None else EncodedCompany(company)
    if isinstance(patch.company, CompanyPatch):
        patch = replace(patch, company=without_addresses(patch.company, people))
    return EncodedContact(row.digest, patch) if isinstance(row, EncodedContact) else patch


def _company_of(patch: ContactPatch, people: ForgottenPeople) -> CompanyPatch | None:
    """The company that a row of a forgotten person names itself. One that only an address names is not kept."""
    if isinstance(patch.company, CompanyPatch):
        return without_addresses(patch.company, people)
    if isinstance(patch.company, str) and patch.company and not patch.company_from_email:
        return CompanyPatch(domain=patch.company)
    return None


def without_addresses(patch: CompanyPatch, people: ForgottenPeople) -> CompanyPatch:
    """The patch of a company without the addresses of forgotten people."""
    emails = getattr(patch, "emails", UNSET)
    if not emails:
        return patch
    kept = remaining_addresses(emails, people)
    return patch if len(kept) == len(emails) else replace(patch, emails=kept)


def remaining_addresses(emails: tuple[Email, ...], people: ForgottenPeople) -> tuple[Email, ...]:
    """The addresses of a company that are not of forgotten people."""
    return tuple(email for email in emails if not people.known(personal_keys((email,))))


def with_forgotten(effects: Iterable[RowEffect], forgotten: Collection[int]) -> Iterator[RowEffect]:
    """The effects of all rows of a batch, from those of the remaining rows and the places of the others."""
    rest, left, place = iter(effects), set(forgotten), 0
    while left:
        if place in left:
            left.discard(place)
            yield RowEffect(NOT_STORED, "forgotten")
        else:
            yield next(rest)
        place += 1
    yield from rest


def mentions(people: ForgottenPeople, text: str) -> bool:
    """Whether a text, such as a row of a file, has the address or the profile of a person who was forgotten."""
    keys = list[Key]()
    for part in text.translate(SEPARATORS).split():
        if "@" in part:
            address = part.strip(ENDS).rpartition(":")[2]
            keys.append(hash_key(f"email {email_key(address)}"))
        if "linkedin." in part.casefold() and (profile := linkedin_profile(part.strip("'"))):
            keys.append(profile_key(profile))
    return bool(people.known(keys))
