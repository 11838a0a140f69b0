"""What names a person in a request: an email address, the URL of a LinkedIn profile, or the id of a contact."""

from __future__ import annotations

from typing import NamedTuple

from letrics.identity.keys import Key, hash_key, id_key, profile_key
from letrics.identity.linkedin import linkedin_profile
from letrics.normalize.email import email_key, email_type, read_email


class Identity(NamedTuple):
    """What names a person.

    `keys` are those that its contact may have. The first is that of an address, a profile or an id; an id can have any
    form. `text` is what documents have of it, without case.
    """

    keys: tuple[Key, ...]
    text: str


def read_identity(text: str) -> Identity:
    """Read an address, a LinkedIn URL or an id.

    Raises ValueError for an address that is invalid, or that of a role, which identifies no one, and for a page that is
    no profile of a person.
    """
    text = text.strip()
    if not text:
        raise ValueError("is blank: pass an email address, a LinkedIn URL or an id")
    id = id_key(text)
    if "@" in text and "/" not in text:
        address = email_key(read_email(text))
        if email_type(address) == "generic":
            raise ValueError("is the address of a role and identifies no one: pass the id of the contact")
        return Identity((hash_key(f"email {address}"), id), address)
    if "linkedin." in text.casefold() and "/" in text:
        profile = linkedin_profile(text)
        if not profile:
            raise ValueError("is not the profile of a person: a LinkedIn URL needs the form linkedin.com/in/NAME")
        return Identity((profile_key(profile), id), profile.rpartition("/")[-1])
    return Identity((id,), text)
