"""Hash table from 64-bit hashes to ids that looks up thousands of hashes at once with numpy.

A Python dictionary takes five times the memory and one lookup per hash. This table is for entries that are added all
the time. Entries that no longer change belong in a sorted `HashIndex`, which can be mapped from a file.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from letrics.engines.bitmap.kernel.arrays import Hashes, Ints, Nums

_INITIAL_BITS: Final = 10
"""Binary logarithm of the capacity of an empty table."""
_MAX_LOAD: Final = 0.6
"""Maximum share of used slots. A fuller table is enlarged, because probe sequences become long."""


class HashTable:
    """Open addressing with linear probing: each hash is stored in the first free slot from the one that its upper bits
    select."""

    def __init__(self) -> None:
        self._make(_INITIAL_BITS)
        self._size = 0

    def _make(self, bits: int) -> None:
        self._hashes: Hashes = np.zeros(1 << bits, np.uint64)
        self._ids = np.full(1 << bits, -1, np.int32)
        self._shift = np.uint64(64 - bits)

    def __len__(self) -> int:
        return self._size

    def find(self, hashes: Hashes) -> Ints:
        """The id of each hash, or -1 where the table does not contain it."""
        result = np.full(len(hashes), -1)
        pending = np.arange(len(hashes))
        slots = (hashes >> self._shift).astype(np.int64)
        while len(slots):
            ids = self._ids[slots]
            same = self._hashes[slots] == hashes
            result[pending[same]] = ids[same]
            collided = (ids >= 0) & ~same
            pending, hashes, slots = pending[collided], hashes[collided], self._next(slots[collided])
        return result

    def add(self, hashes: Hashes, ids: Nums) -> None:
        """Add hashes that the table does not contain yet, each of them once."""
        self._size += len(hashes)
        if self._size > _MAX_LOAD * len(self._ids):
            used = self._ids >= 0
            hashes, ids = np.r_[self._hashes[used], hashes], np.r_[self._ids[used], ids]
            self._make(int(self._size / _MAX_LOAD).bit_length())
        wanted = ids.astype(np.int32)
        slots = (hashes >> self._shift).astype(np.int64)
        while len(slots):
            free = self._ids[slots] < 0
            self._ids[slots[free]] = wanted[free]  # where several hashes want one slot, the last one wins
            placed = self._ids[slots] == wanted
            self._hashes[slots[placed]] = hashes[placed]
            hashes, wanted, slots = hashes[~placed], wanted[~placed], self._next(slots[~placed])

    def _next(self, slots: Ints) -> Ints:
        return (slots + 1) & (len(self._ids) - 1)
