"""Who a contact is: the keys by which two rows are found to be the same person, for every store alike.

A key is 96 bits of BLAKE2b over the kind of fact and its canonical text: among a thousand million keys the odds that
any two different ones meet are below 1 in 10^10, so that a key stands for its text. In memory it is 12 bytes; in a
table it is two integers, for the sake of narrow, fast index entries.
"""

from __future__ import annotations

import base64
import re
import struct
from hashlib import blake2b
from typing import Final
from urllib.parse import unquote

from letrics.normalize.email import email_key
from letrics.normalize.text import fold
from letrics.records import ContactBody, Email

Key = bytes
"""12 bytes: a key's hash (signed 64 bits, little-endian) and mark (signed 32 bits)."""

_PARTS: Final = struct.Struct("<qi")
_LINKEDIN: Final = re.compile(r"(?:[a-z][a-z0-9+.-]*:)?/{0,2}([^/?#]*)([^?#]*)", re.IGNORECASE | re.DOTALL)
_PLAIN: Final = re.compile(r"https?://(?:www\.)?linkedin\.com/in/([a-z0-9-]+)/?")
_COUNTRY: Final = re.compile(r"(?:www|m|[a-z]{2})\.(?=linkedin\.com$)")


def _key(text: str) -> Key:
    return blake2b(text.encode(), digest_size=12).digest()


def parts_of(key: Key) -> tuple[int, int]:
    """The hash and the mark of a key."""
    hash, mark = _PARTS.unpack(key)
    return hash, mark


def key_of(hash: int, mark: int) -> Key:
    """The key with this hash and mark."""
    return _PARTS.pack(hash, mark)


def id_key(id: str) -> Key:
    """The key of an id, external, generated or former: ids are compared exactly."""
    return _key(f"id {id}")


def linkedin_key(url: str) -> Key | None:
    """The key of a LinkedIn profile; None where the address names no profile and so identifies nobody."""
    profile = linkedin_profile(url)
    return None if profile is None else _key(f"linkedin {profile}")


def personal_keys(emails: tuple[Email, ...]) -> tuple[Key, ...]:
    """The keys of the personal addresses, each once, in order. Generic addresses identify nobody."""
    keys = [_key(f"email {email_key(email.value)}") for email in emails if email.type == "personal"]
    return tuple(dict.fromkeys(keys)) if len(keys) > 1 else tuple(keys)


def name_key(name: str, company: int) -> Key:
    """The key of a name (as `comparable_name` gives it) at the company with this num. Several contacts may have it."""
    return _key(f"name {company} {name}")


def linkedin_profile(url: str) -> str | None:
    """The one form in which the addresses of a profile are compared; None where no profile is named.

    Scheme, `www` and country subdomains, query, fragment and a final slash do not tell profiles apart, nor does case,
    nor whether a letter is percent-encoded.
    """
    if (plain := _PLAIN.fullmatch(url)) is not None:  # as nearly every one is written
        return f"linkedin.com/in/{plain[1]}"
    match = _LINKEDIN.match(url.strip())
    assert match is not None, "the pattern matches any text"
    host = match[1].rpartition("@")[2].partition(":")[0].lower().removesuffix(".")
    host = _COUNTRY.sub("", host).removeprefix("www.")
    path = match[2]
    path = fold(unquote(path) if "%" in path else path).strip("/ ")
    if not path or path in ("in", "pub"):
        return None
    return f"{host}/{path}"


def is_keyed(contact: ContactBody) -> bool:
    """Whether the contact has a LinkedIn profile or a personal address, and so is told apart from its namesakes."""
    if contact.linkedin_url is not None and linkedin_profile(contact.linkedin_url) is not None:
        return True
    return any(email.type == "personal" for email in contact.emails)


def comparable_name(contact: ContactBody) -> str | None:
    """The name by which a contact may be found at its company: its full name, folded.

    A contact of which neither a name nor a key is known is found by its generic addresses instead, so that a
    row that says nothing else of a person joins what it made the last time. None where there is nothing to go by.
    """
    name = fold(contact.full_name) if contact.full_name else ""
    if name:
        return name
    if is_keyed(contact):
        return None
    return "\0" + " ".join(sorted(email_key(email.value) for email in contact.emails))


def generate_id(contact: ContactBody, domain: str, salt: int = 0) -> str:
    """An id made from what is known of a new contact, so that the same person gets the same id in any database:
    from the LinkedIn profile, else the first personal address, else the name and the company's domain.

    `salt` counts the ids that were found to be taken.
    """
    profile = contact.linkedin_url and linkedin_profile(contact.linkedin_url)
    address = next((email.value for email in contact.emails if email.type == "personal"), None)
    if profile:
        source = f"linkedin {profile}"
    elif address is not None:
        source = f"email {email_key(address)}"
    else:
        source = f"name {domain} {comparable_name(contact)}"
    if salt:
        source += f" {salt}"
    return "c_" + base64.b32encode(blake2b(source.encode(), digest_size=10).digest()).decode().lower()
