"""Rows that share no identity key with a stored contact or another row of their batch, as columns.

Each is a new contact whatever the order of the rows, so it needs no separate object. Nearly all rows of an import of
new contacts are isolated.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import compress
from typing import Any, Final

import msgspec
import numpy as np
from msgspec import UNSET
from msgspec.structs import astuple

from letrics.identity.companies import reference
from letrics.identity.keys import (
    Hashes,
    Key,
    generate_id_from,
    generic_name,
    hash_column,
    id_key,
    name_key,
    personal_keys,
    profile_key,
)
from letrics.identity.linkedin import linkedin_profile
from letrics.identity.patches import ContactPatch
from letrics.identity.plan import ContactColumns, KeyRows
from letrics.identity.title_fields import derive_columns
from letrics.normalize.text import fold
from letrics.records import ContactBody, types_of

_FIELDS: Final = ContactPatch.__struct_fields__
_DEFAULTS: Final[dict[str, Any]] = dict(
    zip(ContactBody.__struct_fields__, astuple(ContactBody(id="", added_at="", updated_at="")), strict=True)
)
_Document: Final = msgspec.defstruct("_Document", list(types_of(ContactBody).items()), frozen=True, gc=False)
"""A ContactBody that is made from values in the order of its fields, which is faster than by name."""
_encode: Final = msgspec.json.Encoder().encode


class IsolatedRows:
    """Rows that may be isolated, until those that are not are removed. Keys are compared by their hashes alone.

    `first_keys` has the first key of each row where it is known, `companies` the num of its company.
    """

    def __init__(
        self, patches: Sequence[ContactPatch], first_keys: Sequence[Key], companies: Sequence[int], now: str
    ) -> None:
        self._companies = companies
        self._now = now
        self._columns: dict[str, Sequence[Any]] = {}
        self._keys: list[Key] = []
        owners: list[int] = []
        if patches:
            self._columns = dict(zip(_FIELDS, zip(*map(astuple, patches), strict=True), strict=True))
            for rows, keys in self._identify(first_keys):
                owners += rows
                self._keys += keys
        self._owners = np.array(owners, np.int64)
        """The row of each key."""
        self._hashes = hash_column(self._keys)
        self._is_kept = np.ones(len(patches), np.bool_)

    def _identify(self, first_keys: Sequence[Key]) -> Iterable[tuple[Sequence[int], Sequence[Key]]]:
        """Complete the columns of ids and full names, and yield the keys of each kind, with their rows."""
        columns = self._columns
        named = zip(columns["first_name"], columns["last_name"], columns["full_name"], strict=True)
        columns["full_name"] = [
            (f"{first} {last}" if first and last else first or last or None) if full is None or full is UNSET else full
            for first, last, full in named
        ]
        profiles = [linkedin_profile(url) if url else None for url in columns["linkedin_url"]]
        emails = [given or () for given in columns["emails"]]
        personal = [personal_keys(given) if given else () for given in emails]
        names = [
            (full and fold(full)) or (None if profile or keys else generic_name(given))
            for full, profile, keys, given in zip(columns["full_name"], profiles, personal, emails, strict=True)
        ]
        external = columns["external_id"]
        domains = [given if type(given) is str else reference(given) for given in columns["company"]]
        columns["id"] = [
            generate_id_from(profile, given, name, domain) if id is None else id
            for id, profile, given, name, domain in zip(external, profiles, emails, names, domains, strict=True)
        ]
        ids = zip(columns["id"], external, first_keys, strict=True)
        yield range(len(external)), [id_key(id) if given is None else first or id_key(id) for id, given, first in ids]
        having = [row for row, profile in enumerate(profiles) if profile]
        yield having, [profile_key(profiles[row] or "") for row in having]
        having = [row for row, name in enumerate(names) if name is not None]
        yield having, [name_key(names[row] or "", self._companies[row]) for row in having]
        having = [row for row, keys in enumerate(personal) for _ in keys]
        yield having, [key for keys in personal for key in keys]

    def remove_related(self) -> None:
        """Remove the rows that share a key with each other."""
        hashes = np.sort(self._hashes)
        self.remove(hashes[1:][hashes[1:] == hashes[:-1]])

    def remove(self, hashes: Hashes) -> bool:
        """Remove the rows that have a key with one of `hashes`; returns whether there were any."""
        if not len(hashes):
            return False
        rows = self._owners[np.isin(self._hashes, hashes)]
        found = bool(self._is_kept[rows].any())
        self._is_kept[rows] = False
        return found

    def kept(self) -> list[int]:
        """The rows that are not removed."""
        return np.flatnonzero(self._is_kept).tolist()

    def hashes(self) -> Hashes:
        """The hashes of the keys of the rows kept: ids, profiles, names and addresses."""
        return self._hashes[self._is_kept[self._owners]]

    def contacts(self, nums: Sequence[int], digests: Sequence[int | None]) -> ContactColumns:
        """The contacts to write for the rows kept, given their nums and digests."""
        kept = self._is_kept.tolist()
        if nums:
            self._columns |= derive_columns(self._columns)
        values = []
        for name in ContactBody.__struct_fields__ if nums else ():
            column = list(compress(self._columns[name], kept))
            if UNSET in column:
                default = self._now if name in ("added_at", "updated_at") else _DEFAULTS[name]
                column = [default if value is UNSET else value for value in column]
            values.append(column)
        return ContactColumns(
            nums=nums,
            companies=list(compress(self._companies, kept)),
            external=[id is not None for id in compress(self._columns.get("external_id", ()), kept)],
            digests=digests,
            documents=list(map(_encode, map(_Document, *values))) if values else [],
        )

    def key_rows(self, nums: Sequence[int]) -> KeyRows:
        """The keys of the rows kept, given their nums."""
        by_row = np.zeros(len(self._is_kept), np.int64)
        by_row[self._is_kept] = nums
        kept = self._is_kept[self._owners]
        return KeyRows(list(compress(self._keys, kept.tolist())), by_row[self._owners[kept]].tolist())
