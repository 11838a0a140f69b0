"""Rows that share no identity key with a stored contact or another row of their batch, as columns.

Each is a new contact whatever the order of the rows, so it needs no object of its own. Nearly all rows of an import of
new contacts are isolated.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence, Set
from itertools import compress
from typing import Any, Final

import msgspec
from msgspec import UNSET
from msgspec.structs import astuple

from letrics.identity.keys import (
    Key,
    generate_id_from,
    generic_name,
    id_key,
    linkedin_profile,
    name_key,
    personal_keys,
    profile_key,
)
from letrics.identity.merge import join_name
from letrics.identity.patches import ContactPatch
from letrics.identity.plan import ContactRows, KeyRows
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
    """Rows that may be isolated, until `keep` has removed those that are not.

    `first_keys` has the first key of each row where it is known, `companies` the num of its company.
    """

    def __init__(
        self, patches: Sequence[ContactPatch], first_keys: Sequence[Key], companies: Sequence[int], now: str
    ) -> None:
        self.kept = list(range(len(patches)))
        """The rows that are not removed."""
        self.keys: list[Key] = []
        """The keys of these rows: ids, profiles, names and addresses."""
        self._owners: list[int] = []
        self._companies = companies
        self._now = now
        self._columns: dict[str, Sequence[Any]] = {}
        if patches:
            self._columns = dict(zip(_FIELDS, zip(*map(astuple, patches), strict=True), strict=True))
            self._identify(first_keys)

    def _identify(self, first_keys: Sequence[Key]) -> None:
        columns = self._columns
        columns["full_name"] = [
            join_name(first, last) if full is None or full is UNSET else full
            for first, last, full in zip(
                *(columns[name] for name in ("first_name", "last_name", "full_name")), strict=True
            )
        ]
        profiles = [linkedin_profile(url) if url else None for url in columns["linkedin_url"]]
        emails = [given or () for given in columns["emails"]]
        personal = [personal_keys(given) if given else () for given in emails]
        names = [
            (full and fold(full)) or (None if profile or keys else generic_name(given))
            for full, profile, keys, given in zip(columns["full_name"], profiles, personal, emails, strict=True)
        ]
        external = columns["external_id"]
        domains = [given if type(given) is str else given.domain for given in columns["company"]]
        columns["id"] = [
            generate_id_from(profile, given, name, domain) if id is None else id
            for id, profile, given, name, domain in zip(external, profiles, emails, names, domains, strict=True)
        ]
        self._add_keys(
            id_key(id) if given is None else first or id_key(id)
            for id, given, first in zip(columns["id"], external, first_keys, strict=True)
        )
        self._add_keys(None if profile is None else profile_key(profile) for profile in profiles)
        self._add_keys(
            None if name is None else name_key(name, company)
            for name, company in zip(names, self._companies, strict=True)
        )
        for row, keys in enumerate(personal):
            if keys:
                self.keys += keys
                self._owners += [row] * len(keys)

    def _add_keys(self, column: Iterable[Key | None]) -> None:
        keys = list(column)
        self.keys += [key for key in keys if key is not None]
        self._owners += [row for row, key in enumerate(keys) if key is not None]

    def remove_related(self) -> None:
        """Remove the rows that share a key with each other."""
        if len(set(self.keys)) < len(self.keys):
            self.remove({key for key, count in Counter(self.keys).items() if count > 1})

    def remove(self, keys: Set[Key]) -> bool:
        """Remove the rows that have one of `keys`; returns whether there are any."""
        if not keys or keys.isdisjoint(self.keys):
            return False
        removed = {owner for owner, key in zip(self._owners, self.keys, strict=True) if key in keys}
        self.kept = [row for row in self.kept if row not in removed]
        mask = [owner not in removed for owner in self._owners]
        self.keys = list(compress(self.keys, mask))
        self._owners = list(compress(self._owners, mask))
        return True

    def contacts(self, nums: Sequence[int], digests: Sequence[int | None]) -> ContactRows:
        """The contacts to write for the rows kept, given their nums and digests."""
        values = []
        for name in ContactBody.__struct_fields__ if self.kept else ():
            column = self._pick(self._columns[name])
            if UNSET in column:
                default = self._now if name in ("added_at", "updated_at") else _DEFAULTS[name]
                column = [default if value is UNSET else value for value in column]
            values.append(column)
        return ContactRows(
            nums=nums,
            companies=self._pick(self._companies),
            external=[id is not None for id in self._pick(self._columns.get("external_id", ()))],
            digests=digests,
            documents=list(map(_encode, map(_Document, *values))) if values else [],
        )

    def key_rows(self, nums: Sequence[int]) -> KeyRows:
        """The keys of the rows kept, given their nums."""
        of = dict(zip(self.kept, nums, strict=True))
        return KeyRows(list(self.keys), [of[owner] for owner in self._owners])

    def _pick(self, column: Sequence[Any]) -> Sequence[Any]:
        return column if len(self.kept) == len(column) else [column[row] for row in self.kept]
