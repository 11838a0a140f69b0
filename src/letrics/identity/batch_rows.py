"""The working data of a batch of contacts: contacts in memory, and rows with their identity keys."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from msgspec import UNSET

from letrics.identity.companies import reference
from letrics.identity.encoded_patches import EncodedContact, decode_contact_patch
from letrics.identity.holders import NOBODY
from letrics.identity.keys import (
    Key,
    comparable_name,
    id_key,
    is_keyed,
    linkedin_key,
    name_key,
    personal_keys,
    profile_and_address_keys,
)
from letrics.identity.merge import new_contact
from letrics.identity.patches import ContactPatch
from letrics.records import ContactBody

FREE: Final = 0
"""Rank of a contact with no LinkedIn profile, no personal address and no external id."""
NAMED: Final = 1
"""Rank of a contact with an external id, but with no LinkedIn profile and no personal address."""
KEYED: Final = 2
"""Rank of a contact with a LinkedIn profile or a personal address."""


@dataclass(slots=True, eq=False)
class Held:
    """A contact in memory, including the changes by the rows processed so far."""

    num: int
    company: int
    body: ContactBody
    external: bool
    owns: bool = False
    """Whether the contact is known to hold all of its keys. Only then is its digest stored."""
    digest: int | None = None
    """Digest of a row that agrees with the contact's current state."""
    new: bool = False
    changed: bool = False
    moved: bool = False


class BatchRow:
    """A patch with its identity keys.

    `body` is the new contact that the row becomes if no stored contact matches it. `settled` says that the row's id
    belongs to a contact that holds all of the row's keys.
    """

    __slots__ = (
        "_addresses", "_profile", "body", "company", "digest", "generated", "id_key", "name_key", "patch", "settled",
    )  # fmt: skip

    def __init__(self, patch: ContactPatch, known_id: Key | None = None, digest: int | None = None) -> None:
        self.patch = patch
        self.digest = digest
        self.id_key = known_id
        if patch.external_id is not None and known_id is None:
            self.id_key = id_key(patch.external_id)
        self._profile: tuple[Key, ...] | None = None
        self._addresses: tuple[Key, ...] | None = None
        self.settled = False
        self.company = NOBODY
        self.body: ContactBody | None = None
        self.name_key: Key | None = None
        self.generated: tuple[str, Key] | None = None

    @property
    def profile(self) -> tuple[Key, ...]:
        """The key of the row's LinkedIn profile, if it has one."""
        if self._profile is None:
            url = self.patch.linkedin_url
            key = linkedin_key(url) if url else None
            self._profile = () if key is None else (key,)
        return self._profile

    @property
    def addresses(self) -> tuple[Key, ...]:
        """The keys of the row's personal addresses."""
        if self._addresses is None:
            emails = self.patch.emails
            self._addresses = personal_keys(emails) if emails else ()
        return self._addresses

    @property
    def keys(self) -> tuple[Key, ...]:
        """The keys of the row's LinkedIn profile and personal addresses."""
        return (*self.profile, *self.addresses)

    def settle(self, held: Held | None) -> bool:
        """Whether `held`, the contact with the row's id, has and holds the row's keys, so that no key needs a
        lookup."""
        if held is not None and held.owns and not held.changed:
            url, emails = self.patch.linkedin_url, self.patch.emails
            self.settled = (url is UNSET or url == held.body.linkedin_url) and (
                emails is UNSET or emails == held.body.emails
            )
        return self.settled

    def names_all_keys(self) -> bool:
        """Whether a contact that this row updates has no keys other than the row's afterwards."""
        return self.patch.linkedin_url is not UNSET and self.patch.emails is not UNSET

    @property
    def domain(self) -> str:
        """The domain of the row's company, or what stands for it; empty without a company."""
        return reference(self.patch.company)

    def company_after(self, held: Held, no_company: int | None) -> int:
        """The company of the contact `held` after an update by this row."""
        patch = self.patch
        if patch.company is UNSET or (patch.company_from_email and held.company != no_company):
            return held.company
        return self.company

    def as_new_contact(self, now: str) -> ContactBody:
        """The contact that this row would create. This also sets `name_key`, the key of the contact's name."""
        if self.body is None:
            self.body = new_contact(self.patch, self.patch.external_id or "", now)
            name = comparable_name(self.body)
            self.name_key = None if name is None else name_key(name, self.company)
        return self.body

    def may_be(self, held: Held) -> bool:
        """Whether a row whose id belongs to no contact can be this contact. Different external ids are never merged."""
        return self.id_key is None or not held.external


def make_row(patch: ContactPatch | EncodedContact) -> BatchRow:
    """Make the row of a patch."""
    if not isinstance(patch, EncodedContact):
        return BatchRow(patch)
    return BatchRow(decode_contact_patch(patch), None, patch.digest or None)


def rank(contact: ContactBody, external: bool) -> int:
    """The rank of a contact among its namesakes; `external` says that its id came from an import."""
    return KEYED if is_keyed(contact) else NAMED if external else FREE


def keys_of(contact: ContactBody, company: int) -> Iterator[Key]:
    """All keys of a contact (id, profile, addresses, name), including those that another contact had first and
    holds."""
    yield id_key(contact.id)
    yield from profile_and_address_keys(contact)
    name = comparable_name(contact)
    if name is not None:
        yield name_key(name, company)


def standing(contact: ContactBody, company: int) -> tuple[object, ...]:
    """The values that determine the name and the rank of a contact."""
    return company, contact.full_name, contact.id, contact.linkedin_url, contact.emails
