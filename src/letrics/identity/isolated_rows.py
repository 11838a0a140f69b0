"""Rows that share no identity key with a stored contact or another row of their batch, as columns.

Each is a new contact whatever the order of the rows, so it needs no separate object. Nearly all rows of an import of
new contacts are isolated.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import compress
from typing import Any, Final

import msgspec
import numpy as np
from msgspec import UNSET
from msgspec.structs import astuple

from letrics.identity.companies import reference
from letrics.identity.keys import KEY_BYTES, PARTS, Hashes, Key, generate_id_from, id_key, name_key
from letrics.identity.patches import ContactPatch
from letrics.identity.plan import ContactColumns, KeyRows
from letrics.identity.prepared_rows import PreparedRow
from letrics.records import DERIVABLE, ContactBody, types_of

_FIELDS: Final = ContactPatch.__struct_fields__
_DEFAULTS: Final[dict[str, Any]] = dict(
    zip(ContactBody.__struct_fields__, astuple(ContactBody(id="", added_at="", updated_at="")), strict=True)
)
_Document: Final = msgspec.defstruct("_Document", list(types_of(ContactBody).items()), frozen=True, gc=False)
"""A ContactBody that is made from values in the order of its fields, which is faster than by name."""
_KEY: Final = np.dtype(f"V{KEY_BYTES}")
"""A key as bytes."""
_encode: Final = msgspec.json.Encoder().encode


class IsolatedRows:
    """Rows that may be isolated, until those that are not are removed. Keys are compared by their hashes alone.

    `companies` has the num of the company of each row.
    """

    def __init__(
        self, patches: Sequence[ContactPatch], prepared: Sequence[PreparedRow], companies: Sequence[int], now: str
    ) -> None:
        self._companies = companies
        self._now = now
        self._columns: dict[str, Sequence[Any]] = {}
        keys, owners = list[Key](), list[int]()
        if patches:
            self._columns = dict(zip(_FIELDS, zip(*map(astuple, patches), strict=True), strict=True))
            names, ids = self._complete(prepared)
            owners = [*names, *ids]
            keys = [*names.values(), *map(id_key, ids.values())]
        counts = [len(row.keys) // KEY_BYTES for row in prepared]
        self._owners = np.concatenate((np.repeat(np.arange(len(prepared)), counts), np.array(owners, np.int64)))
        """The row of each key."""
        self._keys = np.frombuffer(b"".join([row.keys for row in prepared] + keys), PARTS)
        self._hashes: Hashes = np.ascontiguousarray(self._keys["hash"])
        self._is_kept = np.ones(len(patches), np.bool_)

    def _complete(self, prepared: Sequence[PreparedRow]) -> tuple[dict[int, Key], dict[int, str]]:
        """Complete the columns of full names, ids and derived fields. Returns the keys of names and the ids that are
        generated here, each by row."""
        columns = self._columns
        fulls, names, ids, _, derived = zip(*map(astuple, prepared), strict=True)
        columns["full_name"] = fulls
        columns |= zip((*DERIVABLE, "derived"), zip(*derived, strict=True), strict=True)
        generated = {
            row: generate_id_from(None, columns["emails"][row] or (), names[row], reference(columns["company"][row]))
            for row, id in enumerate(ids)
            if id is None
        }
        columns["id"] = [generated[row] if id is None else id for row, id in enumerate(ids)] if generated else ids
        companies = self._companies
        return {row: name_key(name, companies[row]) for row, name in enumerate(names) if name is not None}, generated

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
        return KeyRows(self._keys[kept].view(_KEY).tolist(), by_row[self._owners[kept]].tolist())
