"""Merger: combines two tables of columns whose dictionaries were built independently.

This lets two processes read one log. Decoding documents is most of that work, 10 µs each.
"""

from __future__ import annotations

import numpy as np

from letrics.engines.bitmap.columns.list_column import ListColumn
from letrics.engines.bitmap.columns.table import RecordTable
from letrics.engines.bitmap.columns.term_dictionary import TermDictionary
from letrics.engines.bitmap.kernel.arrays import Nums, expand_ranges
from letrics.engines.bitmap.text.forward_index import ForwardIndex


def merge_tables(table: RecordTable, other: RecordTable, start: int) -> None:
    """Add the records from `start` on of `other` to `table`, which has the records below."""
    size = len(other)
    if size <= start:
        return
    table.grow(size)
    nums = np.arange(start, size, dtype=np.uint32)
    pairs = [(table.alive, other.alive), (table.company, other.company)]
    pairs += [(table.flags[name], other.flags[name]) for name in table.flags]
    pairs += [(table.times[name], other.times[name]) for name in table.times]
    for column, other_column in pairs:
        column.put(nums, other_column.part(start, size))
    for name, lists in table.lists.items():
        _merge_lists(lists, other.lists[name], nums, _map_ids(table.dictionaries[name], other.dictionaries[name]))
    for name, keys in table.keys.items():
        _merge_lists(keys, other.keys[name], nums, None)
    for name, texts in table.texts.items():
        ids = _merge_texts(table.forward_indexes[name], other.forward_indexes[name])
        of_text = other.texts[name].part(start, size)
        texts.put(nums, np.where(of_text < 0, -1, ids[of_text]) if len(ids) else -1)


def _map_ids(ours: TermDictionary, theirs: TermDictionary) -> Nums:
    """Our id for each of their term ids. Adds new terms."""
    return np.fromiter((ours.adopt(theirs, id_) for id_ in range(len(theirs))), dtype=np.uint32, count=len(theirs))


def _merge_lists(ours: ListColumn, theirs: ListColumn, nums: Nums, ids: Nums | None) -> None:
    """Copy their lists of these nums, with ids mapped to ours."""
    counts: Nums = theirs.count.take(nums)
    flat = theirs.ids.take(expand_ranges(theirs.start.take(nums), counts))
    ours.put(nums, counts, flat if ids is None or not len(ids) else ids[flat])


def _merge_texts(ours: ForwardIndex, theirs: ForwardIndex) -> Nums:
    """Our id for each of their texts. Adds new texts."""
    words = np.array(ours.words.ids_of(list(theirs.words)), dtype=np.uint32)
    hashes = theirs.hashes.whole()
    ids = ours.find_hashes(hashes)
    new = np.flatnonzero(ids < 0)
    ids[new] = np.arange(len(ours), len(ours) + len(new))
    starts, ends = theirs.bounds(new.astype(np.uint32))
    codes = theirs.codes.take(expand_ranges(starts, ends - starts))
    ours.add_coded((words[codes >> 1] << np.uint32(1)) | (codes & np.uint32(1)), ends - starts, hashes[new])
    return ids.astype(np.uint32)
