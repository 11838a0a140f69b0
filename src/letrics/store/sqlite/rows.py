"""What a batch of contacts is put together from: contacts in memory, and rows with the keys they give."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from msgspec import UNSET

from letrics.records import ContactBody
from letrics.store.base import ContactPatch
from letrics.store.identity import Key, comparable_name, id_key, is_keyed, linkedin_key, name_key, personal_keys
from letrics.store.merge import new_contact
from letrics.store.packed import PackedContact, unpack_contact
from letrics.store.sqlite.keys import NOBODY

FREE: Final = 0
"""The rank of a contact without LinkedIn profile, personal address and external id."""
NAMED: Final = 1
"""The rank of one without LinkedIn profile and personal address, but with an external id."""
KEYED: Final = 2
"""The rank of one with a LinkedIn profile or a personal address."""


@dataclass(slots=True, eq=False)
class Held:
    """A contact as the rows so far have made it."""

    num: int
    company: int
    body: ContactBody
    external: bool
    owns: bool = False
    """Whether it is known to hold every key it names. Only then is a digest written down."""
    digest: int | None = None
    """Of a row that made it what it is."""
    new: bool = False
    changed: bool = False
    moved: bool = False


class Row:
    """A patch with the keys it gives. `body` is the contact it would be if nobody is found for it; `settled` says that
    its id leads to a contact that holds all of its keys."""

    __slots__ = ("_keys", "body", "company", "digest", "generated", "id_key", "name_key", "patch", "settled")

    def __init__(self, patch: ContactPatch, known_id: Key | None = None, digest: int | None = None) -> None:
        self.patch = patch
        self.digest = digest
        self.id_key = known_id
        if patch.external_id is not None and known_id is None:
            self.id_key = id_key(patch.external_id)
        self._keys: tuple[Key, ...] | None = None
        self.settled = False
        self.company = NOBODY
        self.body: ContactBody | None = None
        self.name_key: Key | None = None
        self.generated: tuple[str, Key] | None = None

    @property
    def keys(self) -> tuple[Key, ...]:
        """The keys of its LinkedIn profile and its personal addresses."""
        if self._keys is None:
            patch = self.patch
            profile = linkedin_key(patch.linkedin_url) if patch.linkedin_url else None
            personal = personal_keys(patch.emails) if patch.emails else ()
            self._keys = personal if profile is None else (profile, *personal)
        return self._keys

    def settle(self, held: Held | None) -> bool:
        """Whether `held`, to whom its id leads, names and holds the very keys that it gives: none need be looked up."""
        if held is not None and held.owns and not held.changed:
            url, emails = self.patch.linkedin_url, self.patch.emails
            self.settled = (url is UNSET or url == held.body.linkedin_url) and (
                emails is UNSET or emails == held.body.emails
            )
        return self.settled

    def names_all_keys(self) -> bool:
        """Whether every key of a contact on which it is put will be one of its own."""
        return self.patch.linkedin_url is not UNSET and self.patch.emails is not UNSET

    @property
    def domain(self) -> str:
        company = self.patch.company
        return company if isinstance(company, str) else company.domain

    def imagine(self, now: str) -> ContactBody:
        """The contact this row would be on its own, which also tells the name it may be found by."""
        if self.body is None:
            self.body = new_contact(self.patch, self.patch.external_id or "", now)
            name = comparable_name(self.body)
            self.name_key = None if name is None else name_key(name, self.company)
        return self.body

    def may_be(self, held: Held) -> bool:
        """Whether the row, which no id has led to anybody, can be this contact: different external ids stay apart."""
        return self.id_key is None or not held.external


def row_of(patch: ContactPatch | PackedContact) -> Row:
    """The row of a patch."""
    if not isinstance(patch, PackedContact):
        return Row(patch)
    unpacked = unpack_contact(patch)
    return Row(unpacked, None if unpacked.external_id is None else patch.key, patch.digest or None)


def rank(contact: ContactBody, external: bool) -> int:
    """How a contact stands among its namesakes; `external` says that its id was given to it."""
    return KEYED if is_keyed(contact) else NAMED if external else FREE


def keys_of(contact: ContactBody, company: int) -> Iterator[Key]:
    """Every key a contact names, whether it holds it or another had it first: its id, profile, addresses and name."""
    yield id_key(contact.id)
    profile = linkedin_key(contact.linkedin_url) if contact.linkedin_url else None
    if profile is not None:
        yield profile
    yield from personal_keys(contact.emails)
    name = comparable_name(contact)
    if name is not None:
        yield name_key(name, company)


def standing(contact: ContactBody, company: int) -> tuple[object, ...]:
    """What name and rank follow from."""
    return company, contact.full_name, contact.id, contact.linkedin_url, contact.emails
