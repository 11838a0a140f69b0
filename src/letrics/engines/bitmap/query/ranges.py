"""Ranges of a segment: records by a time or number, and by the band that some records have instead of a number.

A band overlaps a range if its upper end is not below the range and its lower end is not above it. Bands of records that
also have the number are ignored. If no record has a band, a range costs what it costs without bands.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from pyroaring import BitMap

from letrics.engines.bitmap.query.nodes import RangeNode
from letrics.engines.bitmap.segment.range_index import RangeIndex
from letrics.engines.bitmap.segment.segment import Segment


def range_count(segment: Segment, node: RangeNode) -> int:
    """An upper bound of the number of records in the range."""
    count = segment.times[node.fact].count(node.low, node.high)
    if (bands := _bands(segment, node)) is None:
        return count
    least, most = bands
    return count + min(least.count(None, node.high), most.count(node.low, None))


def range_bitmaps(segment: Segment, node: RangeNode) -> list[BitMap]:
    """Bitmaps whose union is the records in the range."""
    index = segment.times[node.fact]
    found = [index.between(node.low, node.high)]
    if (bands := _bands(segment, node)) is not None:
        least, most = bands
        found.append((least.between(None, node.high) & most.between(node.low, None)) - index.alive)
    return found


def range_has_ranks(segment: Segment, node: RangeNode) -> bool:
    """Whether records can be checked one by one, with `in_range`."""
    index = segment.times[node.fact]
    bands = _bands(segment, node)
    if bands is None:
        return len(index.ranks) > 0
    return all(len(one.ranks) > 0 or not len(one.times) for one in (index, *bands))


def in_range(segment: Segment, node: RangeNode, wanted: npt.NDArray[Any]) -> npt.NDArray[np.bool_]:
    """Which of the nums (companies, if the results are their contacts) are in the range."""
    index = segment.times[node.fact]
    found = index.matches_range(node.low, node.high, wanted)
    if (bands := _bands(segment, node)) is not None:
        least, most = bands
        overlaps = least.matches_range(None, node.high, wanted) & most.matches_range(node.low, None, wanted)
        found |= overlaps & ~index.matches_range(None, None, wanted)
    return found


def _bands(segment: Segment, node: RangeNode) -> tuple[RangeIndex, RangeIndex] | None:
    """The range indexes of both ends of the bands, or None if no record has a band."""
    if node.band is None:
        return None
    least, most = (segment.times[fact] for fact in node.band)
    return (least, most) if len(least.times) else None
