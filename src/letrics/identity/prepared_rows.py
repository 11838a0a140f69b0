"""What a contact patch alone says of the new contact that it may become. The process that reads a file prepares its
rows, so that the one that writes has less to do for each."""

from __future__ import annotations

import msgspec
from msgspec import UNSET

from letrics.identity.keys import KEY_BYTES, Key, generate_id_from, generic_name, id_key, personal_keys, profile_key
from letrics.identity.linkedin import linkedin_profile
from letrics.identity.patches import ContactPatch
from letrics.identity.title_fields import Derived, derive_row
from letrics.normalize.text import fold


class PreparedRow(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """The parts of a new contact that need neither its company nor a stored record.

    `name` is the one of `comparable_name`. `id` is the given id, else a generated one; None if it is generated from the
    domain of the company. `keys` are the keys of a given id, the profile, the personal addresses and a generated id,
    one after the other. `derived` has the derivable fields, and the names of those derived.
    """

    full_name: str | None
    name: str | None
    id: str | None
    keys: bytes
    derived: Derived

    @property
    def first_key(self) -> Key:
        """The first key for finding the contact: of the given id, the profile or an address. Empty if it has none."""
        return self.keys[:KEY_BYTES]


def prepare_row(patch: ContactPatch) -> PreparedRow:
    """Prepare a patch."""
    full = patch.full_name
    if full is None or full is UNSET:
        first, last = patch.first_name, patch.last_name
        full = f"{first} {last}" if first and last else first or last or None
    url, emails = patch.linkedin_url, patch.emails or ()
    profile = linkedin_profile(url) if url else None
    keys = list(personal_keys(emails)) if emails else []
    if profile:
        keys.insert(0, profile_key(profile))
    name = (fold(full) if full else "") or (None if keys else generic_name(emails))
    id = patch.external_id
    if id is not None:
        keys.insert(0, id_key(id))
    elif keys:
        id = generate_id_from(profile, emails, name, "")
        keys.append(id_key(id))
    return PreparedRow(full, name, id, b"".join(keys), derive_row(patch))
