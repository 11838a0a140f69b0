"""Sets on many records once more as plain bits, for unions of several.

Roaring keeps what is on less than one record in sixteen as lists of 16-bit integers, and a union takes in each of them
by itself (1.1 ns a number; a clause of 30 industries at ten million contacts has 5.5 million). As bits a set costs the
same whatever is in it: 1.25 MB read in order, 0.1 ms, without being unpacked first.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from pyroaring import BitMap

from letrics.engines.bitmap.kernel.arrays import Nums
from letrics.engines.bitmap.kernel.roaring import CONTAINER_SPAN, Bits, bitmap_to_mask, bits_to_bitmap, mask_to_bits
from letrics.engines.bitmap.storage.bitmap_store import BitmapStore

_MIN_RECORDS: Final = 500_000
"""Of fewer records than this no set is kept as bits: their lists are short."""
_MIN_ROW_SHARE: Final = 100
"""A set on one record in so many costs as much by its numbers as by its bits. Those on fewer are not kept."""
MIN_UNITED_ROWS: Final = 3
"""Fewer sets are not united by their bits: to make a set of them takes longer than it saves;"""
_MIN_NUMS_PER_CONTAINER: Final = 6_000
"""nor are those with fewer nums together a container, which would have to be made lists again."""
BLOCK_BYTES: Final = 1 << 17
"""So many bytes are put together at a time: they stay in the processor's cache."""


class BitsetRows:
    """Immutable: `ids` ascending, and for each a row of `data`, which has a bit for every num."""

    __slots__ = ("_row", "data", "ids")

    def __init__(self, ids: Nums, data: Bits) -> None:
        self.ids = ids
        self.data = data.reshape(len(ids), -1) if len(ids) else data.reshape(0, 0)
        self._row = {id_: row for row, id_ in enumerate(ids.tolist())}

    @classmethod
    def of(cls, ids: Nums, counts: Nums, sets: BitmapStore, span: int) -> BitsetRows:
        """Of sets of nums below `span`, with these `ids` and `counts`, those that are large enough."""
        if span < _MIN_RECORDS:
            return cls(ids[:0], np.zeros(0, np.uint8))
        which = np.flatnonzero(counts >= span // _MIN_ROW_SHARE)
        data = np.empty((len(which), -(-span // CONTAINER_SPAN) * (CONTAINER_SPAN // 8)), np.uint8)
        for row, at in enumerate(which.tolist()):
            data[row] = mask_to_bits(bitmap_to_mask(sets.load(at), span))
        return cls(ids[which], data)

    def may_unite(self, ids: list[int]) -> bool:
        """Whether so many of the ids have rows that some may be better taken as bits."""
        return len(self.ids) > 0 and sum(id_ in self._row for id_ in ids) >= MIN_UNITED_ROWS

    def split(self, ids: list[int], counts: list[int], fewest: int = MIN_UNITED_ROWS) -> tuple[list[int], list[int]]:
        """Of ids whose sets, with so many nums each, are to be united: the rows of those that are better taken as
        bits, where there are at least so many, and the other ids."""
        rows = [self._row[id_] for id_ in ids if id_ in self._row]
        numbers = sum(count for id_, count in zip(ids, counts, strict=True) if id_ in self._row)
        if len(rows) < fewest or numbers * CONTAINER_SPAN < _MIN_NUMS_PER_CONTAINER * 8 * self.data.shape[1]:
            return [], ids
        return rows, [id_ for id_ in ids if id_ not in self._row]

    def union(self, rows: list[int]) -> BitMap:
        """The nums of any of the rows."""
        found = np.empty(self.data.shape[1], np.uint8)
        for start in range(0, len(found), BLOCK_BYTES):
            block = slice(start, start + BLOCK_BYTES)
            self.unite(rows, block, found[block])
        return bits_to_bitmap(found)

    def unite(self, rows: list[int], block: slice, found: Bits) -> None:
        """Set `found` to a block of the union of the rows."""
        data = self.data[:, block]
        if len(rows) == 1:
            found[:] = data[rows[0]]
            return
        np.bitwise_or(data[rows[0]], data[rows[1]], out=found)
        for row in rows[2:]:
            np.bitwise_or(found, data[row], out=found)
