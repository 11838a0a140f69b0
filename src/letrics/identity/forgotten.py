"""People who were forgotten, known by keyed hashes of their identity keys alone.

A hash is BLAKE2b of an identity key under a random secret of the database. Without the secret, a hash cannot be
compared with a list of addresses, nor with the hashes of another database. A copy of the whole database has the secret,
too.

An id, a LinkedIn profile or a personal address stops each row that has it. A name at a company stops a row only as far
as it identifies a contact (see `letrics.identity.contacts`): a namesake with another address is another person.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence, Set
from hashlib import blake2b
from typing import Final, NamedTuple

from msgspec import UNSET

from letrics.identity.companies import NamedCompany, reference
from letrics.identity.company_keys import generate_company_id
from letrics.identity.keys import (
    Key,
    comparable_name,
    generic_name,
    hash_key,
    id_key,
    is_keyed,
    linkedin_key,
    personal_keys,
    shared_key,
    shared_keys,
)
from letrics.identity.patches import CompanyPatch, ContactPatch
from letrics.normalize.text import fold
from letrics.records import Company, ContactBody

HASH_BYTES: Final = 16
"""The number of bytes of a keyed hash."""
IDENTITY: Final = 0
"""The kind of the hash of an id, a LinkedIn profile or an address."""
_NAME: Final = 1
"""The kind of the hash of a name at a company, of a person with neither another key nor an external id. The other kinds
of names add the following two numbers."""
_KEYED: Final = 1
"""Added for a person who has a LinkedIn profile or an address: a row that has one is of another person."""
_EXTERNAL: Final = 2
"""Added for a person who has an external id: a row that has one is of another person."""
_NAME_KINDS: Final = tuple(range(_NAME, _NAME + _KEYED + _EXTERNAL + 1))


class KeyHash(NamedTuple):
    """A keyed hash, and its kind."""

    kind: int
    hash: bytes


class PersonKeys(NamedTuple):
    """What identifies a person: keys, and names at companies with the kinds of their hashes."""

    keys: Collection[Key]
    names: Collection[Key] = ()
    kinds: Collection[int] = ()


class ForgottenPeople:
    """The people who were forgotten. There are several secrets after the lists of several databases were merged."""

    def __init__(self, secrets: Sequence[bytes] = (), hashes: Iterable[KeyHash] = ()) -> None:
        self._states = [blake2b(digest_size=HASH_BYTES, key=secret) for secret in secrets]
        self._hashes: dict[int, set[bytes]] = {}
        for kind, hash in hashes:
            self._hashes.setdefault(kind, set()).add(hash)

    def __bool__(self) -> bool:
        return bool(self._hashes)

    def hashes(self, person: PersonKeys) -> list[KeyHash]:
        """The hashes by which a person is remembered, under the first secret. Each occurs once."""
        found = [KeyHash(IDENTITY, self._hash(0, key)) for key in person.keys]
        found += [KeyHash(kind, self._hash(0, name)) for name in person.names for kind in person.kinds]
        return list(dict.fromkeys(found))

    def known(self, keys: Iterable[Key]) -> set[bytes]:
        """The hashes that ids, profiles and addresses with these keys are remembered by."""
        hashes = self._hashes.get(IDENTITY, set())
        return {hash for key in keys for hash in self._all(key) if hash in hashes}

    def have(self, person: PersonKeys) -> bool:
        """Whether what identifies a row or a record is that of a person who was forgotten."""
        if self._have(IDENTITY, person.keys):
            return True
        return any(self._have(kind, person.names) for kind in person.kinds)

    def _have(self, kind: int, keys: Iterable[Key]) -> bool:
        hashes = self._hashes.get(kind, set())
        return bool(hashes) and any(hash in hashes for key in keys for hash in self._all(key))

    def _all(self, key: Key) -> list[bytes]:
        return [self._hash(which, key) for which in range(len(self._states))]

    def _hash(self, which: int, key: Key) -> bytes:
        state = self._states[which].copy()
        state.update(key)
        return state.digest()


def person_keys(
    contact: ContactBody, companies: Collection[str], external: bool, more: Iterable[Key] = (),
    others: Set[Key] = frozenset(),
) -> PersonKeys:  # fmt: skip
    """What identifies a stored contact, for remembering it.

    `companies` are the references to its company, see `references_of`. `more` are keys that its values do not give it,
    such as those of former ids. `others` are keys that another contact holds: an address among them identifies the
    person only together with the name.
    """
    addresses = personal_keys(contact.emails)
    keys = {id_key(contact.id), *_profile(contact.linkedin_url), *addresses, *more} - others
    if not others.isdisjoint(addresses):
        keys.update(shared_keys(contact))
    name = comparable_name(contact)
    if name is None:
        return PersonKeys(keys)
    # A name without a company identifies no person who has something else.
    kind = _NAME + _KEYED * (is_keyed(contact) or not companies) + _EXTERNAL * (external or not companies)
    return PersonKeys(keys, _names(name, companies), (kind,))


def keys_of_record(contact: ContactBody, companies: Collection[str], external: bool) -> PersonKeys:
    """What identifies a stored contact, for finding out whether it is of a person who was forgotten."""
    addresses = personal_keys(contact.emails)
    keys = (id_key(contact.id), *_profile(contact.linkedin_url), *addresses, *shared_keys(contact))
    return _asked(keys, comparable_name(contact), companies, is_keyed(contact), external)


def keys_of_row(patch: ContactPatch) -> PersonKeys:
    """What identifies the person of a row."""
    emails = patch.emails or ()
    addresses = personal_keys(emails)
    profile = _profile(patch.linkedin_url or None)
    keys = [*profile, *addresses]
    if patch.external_id is not None:
        keys.append(id_key(patch.external_id))
    full = patch.full_name
    if full is None or full is UNSET:
        full = " ".join(part for part in (patch.first_name, patch.last_name) if part)
    if full:
        keys += [shared_key(address, full) for address in addresses]
    is_identified = bool(profile or addresses)
    name = fold(full) or (None if is_identified else generic_name(emails))
    return _asked(keys, name, _references(patch.company), is_identified, patch.external_id is not None)


def _asked(
    keys: Collection[Key], name: str | None, companies: Collection[str], keyed: bool, external: bool
) -> PersonKeys:
    if name is None:
        return PersonKeys(keys)
    kinds = [
        kind
        for kind in _NAME_KINDS
        if not (keyed and (kind - _NAME) & _KEYED) and not (external and (kind - _NAME) & _EXTERNAL)
    ]
    return PersonKeys(keys, _names(name, companies), kinds)


def _names(name: str, companies: Collection[str]) -> list[Key]:
    return [hash_key(f"forgotten name {company}\n{name}") for company in companies or ("",)]


def _profile(url: str | None) -> tuple[Key, ...]:
    key = None if url is None else linkedin_key(url)
    return () if key is None else (key,)


def references_of(company: Company | None, former_ids: Iterable[str] = ()) -> tuple[str, ...]:
    """What stands for a stored company in the hash of a name: whatever a row may name it by."""
    if company is None:
        return ()
    ids = [company.id, *former_ids, generate_company_id(company.linkedin_url, company.name)]
    if company.name:
        ids.append(generate_company_id(None, company.name))
    return tuple(dict.fromkeys(ids))


def _references(company: NamedCompany) -> tuple[str, ...]:
    """What stands for the company of a row."""
    if not company:
        return ()
    ids = [reference(company)]
    if isinstance(company, CompanyPatch):
        ids.append(generate_company_id(company.linkedin_url, company.name))
        if company.name:
            ids.append(generate_company_id(None, company.name))
    return tuple(dict.fromkeys(ids))
