"""Rows that share no identity key with a stored contact or another row of their batch, as columns.

Each is a new contact whatever the order of the rows, so it needs no separate object. Nearly all rows of an import of
new contacts are isolated.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import compress
from typing import Final

import numpy as np

from letrics.identity.keys import KEY_BYTES, PARTS, Hashes, hash_id, id_key, name_key, name_text
from letrics.identity.plan import ContactColumns, KeyRows
from letrics.identity.prepared_rows import PreparedRow

_KEY: Final = np.dtype(f"V{KEY_BYTES}")
"""A key as bytes."""


class IsolatedRows:
    """Rows that may be isolated, until those that are not are removed. Keys are compared by their hashes alone.

    `companies` has the num of the company of each row, and `references` what stands for it in a generated id, for each
    row that has no id yet.
    """

    def __init__(
        self, prepared: Sequence[PreparedRow], references: Mapping[int, str], companies: Sequence[int], now: str
    ) -> None:
        self._prepared = prepared
        self._companies = companies
        self._now = now
        generated = {row: hash_id(name_text(prepared[row].name, of_company)) for row, of_company in references.items()}
        self._ids = [generated[row] if made.id is None else made.id for row, made in enumerate(prepared)]
        names = {row: name_key(made.name, companies[row]) for row, made in enumerate(prepared) if made.name is not None}
        counts = [len(made.keys) // KEY_BYTES for made in prepared]
        owners = np.array([*names, *generated], np.int64)
        self._owners = np.concatenate((np.repeat(np.arange(len(prepared)), counts), owners))
        """The row of each key."""
        keys = [*(made.keys for made in prepared), *names.values(), *map(id_key, generated.values())]
        self._keys = np.frombuffer(b"".join(keys), PARTS)
        self._hashes: Hashes = np.ascontiguousarray(self._keys["hash"])
        self._is_kept = np.ones(len(prepared), np.bool_)

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
        kept, now = self._is_kept.tolist(), self._now
        rows = list(compress(zip(self._prepared, self._ids, strict=True), kept))
        return ContactColumns(
            nums=nums,
            companies=list(compress(self._companies, kept)),
            external=[made.is_external for made, _ in rows],
            digests=digests,
            documents=[made.document(id, now) for made, id in rows],
        )

    def key_rows(self, nums: Sequence[int]) -> KeyRows:
        """The keys of the rows kept, given their nums."""
        by_row = np.zeros(len(self._is_kept), np.int64)
        by_row[self._is_kept] = nums
        kept = self._is_kept[self._owners]
        return KeyRows(self._keys[kept].view(_KEY).tolist(), by_row[self._owners[kept]].tolist())
