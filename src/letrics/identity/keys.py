"""Identity keys: they decide whether two rows describe the same contact. All stores use the same keys.

A key is 96 bits of BLAKE2b over the kind of key and its canonical text. Among 10^9 keys the probability that any two
different texts have the same key is below 1 in 10^10, so comparing keys is enough. In memory a key is 12 bytes. In a
table it is two integers, which keeps index entries small and fast.
"""

from __future__ import annotations

import base64
import struct
from collections.abc import Collection, Iterable
from hashlib import blake2b
from typing import Final

import numpy as np
import numpy.typing as npt

from letrics.identity.linkedin import linkedin_profile
from letrics.normalize.email import email_key
from letrics.normalize.text import fold
from letrics.records import ContactBody, Email

Key = bytes
"""12 bytes: the hash (signed 64 bits, little-endian) and the mark (signed 32 bits, little-endian)."""

Hashes = npt.NDArray[np.int64]

PARTS: Final = np.dtype([("hash", "<i8"), ("mark", "<i4")])
"""The layout of a key is its hash, then its mark."""
_PARTS: Final = struct.Struct("<qi")
"""The same layout, for a single key."""
KEY_BYTES: Final = PARTS.itemsize
"""The number of bytes of a key."""
HASH_BYTES: Final = 8
"""The number of bytes of the hash, at the beginning of a key."""
_MARK_BYTES: Final = 4
"""The number of bytes of the mark, at the end of a key."""


def hashes_of(keys: Collection[Key]) -> Hashes:
    """The hashes of keys, each once, in ascending order."""
    return sort_unique(hash_column(keys))


def sort_unique(hashes: Hashes) -> Hashes:
    """The hashes, each once, in ascending order. Several times faster than `np.unique`, which hashes them first."""
    ordered: Hashes = np.sort(hashes)
    is_first = np.ones(len(ordered), np.bool_)
    is_first[1:] = ordered[1:] != ordered[:-1]
    unique: Hashes = ordered[is_first]
    return unique


def without_hashes(hashes: Hashes, others: Hashes) -> Hashes:
    """Those of `hashes` that are not among `others`. Both are in ascending order."""
    if not len(others):
        return hashes
    places = np.minimum(np.searchsorted(others, hashes), len(others) - 1)
    remaining: Hashes = hashes[others[places] != hashes]
    return remaining


def hash_column(keys: Collection[Key]) -> Hashes:
    """The hash of each key."""
    return np.ascontiguousarray(np.frombuffer(b"".join(keys), PARTS)["hash"])


def hash_key(text: str) -> Key:
    """The key of a canonical text, which begins with its kind."""
    return blake2b(text.encode(), digest_size=12).digest()


def parts_of(key: Key) -> tuple[int, int]:
    """The hash and the mark of a key."""
    hash, mark = _PARTS.unpack(key)
    return hash, mark


def key_of(hash: int, mark: int) -> Key:
    """The key with this hash and mark."""
    return _PARTS.pack(hash, mark)


def id_key(id: str) -> Key:
    """The key of an id (external, generated or former). Ids are compared exactly."""
    return hash_key(f"id {id}")


def linkedin_key(url: str) -> Key | None:
    """The key of a LinkedIn profile, or None if the URL names no profile and so identifies no contact."""
    profile = linkedin_profile(url)
    return None if profile is None else profile_key(profile)


def profile_text(profile: str) -> str:
    """The text whose hash is the key of a LinkedIn profile in its canonical form."""
    return f"linkedin {profile}"


def profile_key(profile: str) -> Key:
    """The key of a LinkedIn profile in its canonical form."""
    return hash_key(profile_text(profile))


def address_texts(emails: tuple[Email, ...]) -> tuple[str, ...]:
    """The texts whose hashes are the keys of the personal addresses, each once, in order."""
    texts = [f"email {email_key(email.value)}" for email in emails if email.type == "personal"]
    return tuple(dict.fromkeys(texts)) if len(texts) > 1 else tuple(texts)


def personal_keys(emails: tuple[Email, ...]) -> tuple[Key, ...]:
    """The keys of the personal addresses, each once, in order. Generic addresses do not identify a contact."""
    return tuple(map(hash_key, address_texts(emails)))


def keys_of_texts(texts: Iterable[str]) -> bytes:
    """The keys of canonical texts, one after the other."""
    return b"".join(map(hash_key, texts))


def identity_texts(url: str | None, emails: tuple[Email, ...]) -> tuple[str, ...]:
    """The texts whose hashes are the keys of a contact's LinkedIn profile and of its personal addresses."""
    profile = linkedin_profile(url) if url else None
    texts = address_texts(emails) if emails else ()
    return (profile_text(profile), *texts) if profile else texts


def profile_and_address_keys(contact: ContactBody) -> tuple[Key, ...]:
    """The keys of the LinkedIn profile and of the personal addresses of a contact."""
    profile = linkedin_key(contact.linkedin_url) if contact.linkedin_url else None
    return (*(() if profile is None else (profile,)), *personal_keys(contact.emails))


def shared_key(address: Key, full_name: str) -> Key:
    """The key of a contact with this full name, for an address that another contact holds.

    It has the hash of the address, so that a lookup of the address finds it too.
    """
    return address[:HASH_BYTES] + blake2b(address + fold(full_name).encode(), digest_size=_MARK_BYTES).digest()


def shared_keys(contact: ContactBody) -> tuple[Key, ...]:
    """The keys of `shared_key` of all personal addresses of a contact."""
    name = contact.full_name
    return tuple(shared_key(key, name) for key in personal_keys(contact.emails)) if name else ()


def name_key(name: str, company: int) -> Key:
    """The key of a name from `comparable_name` at the company with this num. Several contacts may have it."""
    return hash_key(f"name {company} {name}")


def is_keyed(contact: ContactBody) -> bool:
    """Whether the contact has a LinkedIn profile or a personal address, which distinguishes it from its namesakes."""
    if contact.linkedin_url is not None and linkedin_profile(contact.linkedin_url) is not None:
        return True
    return any(email.type == "personal" for email in contact.emails)


def comparable_name(contact: ContactBody) -> str | None:
    """The name that identifies a contact within its company: its full name, folded.

    A contact with neither a name nor a key uses its generic addresses instead, so that importing such a row again
    updates the contact that it created. None for a contact that has a key but no name.
    """
    name = fold(contact.full_name) if contact.full_name else ""
    if name:
        return name
    if is_keyed(contact):
        return None
    return generic_name(contact.emails)


def generic_name(emails: tuple[Email, ...]) -> str:
    """The name of a contact that has neither a name nor a key."""
    return "\0" + " ".join(sorted(email_key(email.value) for email in emails))


def generate_id(contact: ContactBody, domain: str, salt: int = 0) -> str:
    """A generated id for a new contact, so that the same contact gets the same id in every database.

    It is a hash of the LinkedIn profile, else of the first personal address, else of the name and the company's domain.
    `salt` is the number of ids tried before that were already in use. With it, the hash is also of the name, because
    the users of a mailbox differ in their names.
    """
    texts = identity_texts(contact.linkedin_url, contact.emails)
    name = comparable_name(contact)
    source = texts[0] if texts else name_text(name, domain)
    return hash_id(f"{source} {name or ''} {salt}" if salt else source)


def name_text(name: str | None, domain: str) -> str:
    """The text whose hash is the generated id of a contact without any other key."""
    return f"name {domain} {name}"


def hash_id(text: str) -> str:
    """The generated id of a contact with this text: of its first identity key, or of `name_text`."""
    return "c_" + base64.b32encode(blake2b(text.encode(), digest_size=10).digest()).decode().lower()
