"""Frequent postings stored a second time as plain bits, for unions of several terms.

Roaring stores a posting of less than one record in sixteen as arrays of 16-bit integers, and a union reads them one by
one (1.1 ns per number; the 30 industries of a large clause have 5.5 million at ten million contacts). As bits, a
posting costs the same whatever it contains: 1.25 MB read sequentially, 0.1 ms, without decompression. Rows are combined
block by block, so that a block stays in the processor's cache.
"""

from __future__ import annotations

import numpy as np
from pyroaring import BitMap

from letrics.engines.bitmap.costs import Costs
from letrics.engines.bitmap.kernel.arrays import Nums
from letrics.engines.bitmap.kernel.roaring import CONTAINER_SPAN, Bits, bitmap_to_mask, bits_to_bitmap, mask_to_bits
from letrics.engines.bitmap.storage.bitmap_store import BitmapStore


class BitsetRows:
    """Immutable. `ids` are ascending; row k of `data` has the bits of the posting of `ids[k]`, one bit per num."""

    __slots__ = ("_costs", "_row", "data", "ids")

    def __init__(self, ids: Nums, data: Bits, costs: Costs) -> None:
        self.ids = ids
        self._costs = costs
        self.data = data.reshape(len(ids), -1) if len(ids) else data.reshape(0, 0)
        self._row = {id_: row for row, id_ in enumerate(ids.tolist())}

    @classmethod
    def of(cls, ids: Nums, counts: Nums, sets: BitmapStore, span: int, costs: Costs) -> BitsetRows:
        """The rows of those postings that are frequent enough. `sets` has the posting of each of `ids`, of nums below
        `span`."""
        if span < costs.large_segment_records:
            return cls(ids[:0], np.zeros(0, np.uint8), costs)
        which = np.flatnonzero(counts.astype(np.int64) * CONTAINER_SPAN >= costs.sparse_nums_per_container * span)
        data = np.empty((len(which), -(-span // CONTAINER_SPAN) * (CONTAINER_SPAN // 8)), np.uint8)
        for row, at in enumerate(which.tolist()):
            data[row] = mask_to_bits(bitmap_to_mask(sets.load(at), span))
        return cls(ids[which], data, costs)

    def may_unite(self, ids: list[int]) -> bool:
        """Whether a union as bits should be considered: two postings are united faster as bitmaps."""
        return len(self.ids) > 0 and sum(id_ in self._row for id_ in ids) > 2

    def split(self, ids: list[int], counts: list[int]) -> tuple[list[int], list[int]]:
        """Split ids whose postings, of `counts` nums each, are to be united.

        Returns the rows to unite as bits (none if they are so thin that most of the result would be converted back to
        arrays) and the other ids.
        """
        rows = [self._row[id_] for id_ in ids if id_ in self._row]
        num_count = sum(count for id_, count in zip(ids, counts, strict=True) if id_ in self._row)
        containers = 8 * self.data.shape[1] // CONTAINER_SPAN
        if num_count < self._costs.min_bitset_rows * self._costs.sparse_nums_per_container * containers:
            return [], ids
        return rows, [id_ for id_ in ids if id_ not in self._row]

    def union(self, rows: list[int]) -> BitMap:
        """The union of the rows."""
        bits = np.empty(self.data.shape[1], np.uint8)
        for start in range(0, len(bits), self._costs.bytes_per_block):
            block = slice(start, start + self._costs.bytes_per_block)
            self.unite(rows, block, bits[block])
        return bits_to_bitmap(bits)

    def unite(self, rows: list[int], block: slice, out: Bits) -> None:
        """Write one block of the union of the rows into `out`."""
        data = self.data[:, block]
        if len(rows) == 1:
            out[:] = data[rows[0]]
            return
        np.bitwise_or(data[rows[0]], data[rows[1]], out=out)
        for row in rows[2:]:
            np.bitwise_or(out, data[row], out=out)
