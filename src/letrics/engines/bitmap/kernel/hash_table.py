"""Hashes and the id of each, to which more are added all the time: thousands are looked up at once, by numpy.

A dictionary of Python takes five times the memory, and a look for each hash. Those that are there for good are better
in order (`KeyTable`): they are mapped from a file.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from letrics.engines.bitmap.kernel.arrays import Hashes, Ints, Nums

_INITIAL_BITS: Final = 10
_MAX_LOAD: Final = 0.6
"""A fuller table is made twice as large: looks become long."""


class HashTable:
    """Each hash stands at the first free place from the one its upper bits tell."""

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
        """The id of each hash, -1 of those that are not there."""
        found = np.full(len(hashes), -1)
        places = np.arange(len(hashes))
        at = (hashes >> self._shift).astype(np.int64)
        while len(at):
            ids = self._ids[at]
            same = self._hashes[at] == hashes
            found[places[same]] = ids[same]
            on = (ids >= 0) & ~same
            places, hashes, at = places[on], hashes[on], self._next(at[on])
        return found

    def add(self, hashes: Hashes, ids: Nums) -> None:
        """Add hashes that are not there yet, each once."""
        self._size += len(hashes)
        if self._size > _MAX_LOAD * len(self._ids):
            held = self._ids >= 0
            hashes, ids = np.r_[self._hashes[held], hashes], np.r_[self._ids[held], ids]
            self._make(int(self._size / _MAX_LOAD).bit_length())
        wanted = ids.astype(np.int32)
        at = (hashes >> self._shift).astype(np.int64)
        while len(at):
            free = self._ids[at] < 0
            self._ids[at[free]] = wanted[free]  # of several at one place the last stays
            placed = self._ids[at] == wanted
            self._hashes[at[placed]] = hashes[placed]
            hashes, wanted, at = hashes[~placed], wanted[~placed], self._next(at[~placed])

    def _next(self, at: Ints) -> Ints:
        return (at + 1) & (len(self._ids) - 1)
