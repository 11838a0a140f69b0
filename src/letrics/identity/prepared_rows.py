"""What a contact patch alone says of the new contact that it may become."""

from __future__ import annotations

from operator import attrgetter
from typing import Any, Final

import msgspec
from msgspec import UNSET
from msgspec.structs import astuple

from letrics.identity.keys import KEY_BYTES, Key, generic_name, hash_id, id_key, identity_texts, keys_of_texts
from letrics.identity.patches import ContactPatch
from letrics.identity.title_fields import derive_row
from letrics.normalize.text import fold
from letrics.records import DERIVABLE, ContactBody, types_of

Times = tuple[str | None, str | None]
"""When a contact was added and updated, as far as its row says so."""

_FIELDS: Final = tuple(name for name in ContactBody.__struct_fields__ if name not in ("id", "added_at", "updated_at"))
"""The fields of a contact between its id and its times, in the order of the document."""
_FULL_NAME: Final = _FIELDS.index("full_name")
"""The place of the full name in the fields."""
_LISTED: Final = _FIELDS.index("derived")
"""The place of the list of derived fields."""
_DERIVABLE: Final = slice(_FIELDS.index(DERIVABLE[0]), _FIELDS.index(DERIVABLE[-1]) + 1)
"""Where the derivable fields are, which are next to each other."""
_DEFAULTS: Final = dict(
    zip(ContactBody.__struct_fields__, astuple(ContactBody(id="", added_at="", updated_at="")), strict=True)
)
_Fields: Final = msgspec.defstruct("_Fields", [(name, types_of(ContactBody)[name]) for name in _FIELDS], gc=False)
"""The fields of a contact between its id and its times, made from values in the order of the document, which is faster
than by name."""
_values: Final = attrgetter(*_FIELDS)
_encode: Final = msgspec.json.Encoder().encode


class PreparedRow(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """The parts of a new contact that need neither its company nor a stored record.

    `name` is the one of `comparable_name`. `id` is the given id, then `is_external`, else a generated one; None if it
    is generated from the domain of the company. `keys` are the keys of a given id, the profile, the personal addresses
    and a generated id, one after the other. `fields` is the part of the document between the id and the `times`.
    """

    name: str | None
    id: str | None
    is_external: bool
    keys: bytes
    fields: bytes
    times: Times

    @property
    def first_key(self) -> Key:
        """The first key for finding the contact: of the given id, the profile or an address. Empty if it has none."""
        return self.keys[:KEY_BYTES]

    def document(self, id: str, now: str) -> bytes:
        """The document of the contact with this id that is made of the row at the time `now`."""
        added, updated = self.times
        end = _encode(added or now), _encode(updated or now)
        return b'{"id":%b,%b,"added_at":%b,"updated_at":%b}' % (_encode(id), self.fields, *end)


def prepare_row(patch: ContactPatch) -> PreparedRow:
    """Prepare a patch."""
    full = patch.full_name
    if full is None or full is UNSET:
        first, last = patch.first_name, patch.last_name
        full = f"{first} {last}" if first and last else first or last or None
    emails = patch.emails or ()  # an UNSET value is false
    texts = identity_texts(patch.linkedin_url or None, emails)
    keys = keys_of_texts(texts)
    given = id = patch.external_id
    if id is not None:
        keys = id_key(id) + keys
    elif texts:
        id = hash_id(texts[0])
        keys += id_key(id)
    name = (fold(full) if full else "") or (None if texts else generic_name(emails))
    times = patch.added_at or None, patch.updated_at or None
    return PreparedRow(name, id, given is not None, keys, _encode_fields(patch, full), times)


def _encode_fields(patch: ContactPatch, full_name: str | None) -> bytes:
    values: list[Any] = list(_values(patch))
    values[_FULL_NAME] = full_name
    *values[_DERIVABLE], values[_LISTED] = derive_row(patch)
    if UNSET in values:
        values = [_DEFAULTS[name] if value is UNSET else value for name, value in zip(_FIELDS, values, strict=True)]
    return _encode(_Fields(*values))[1:-1]
