"""Merge policy: applies changes to the columns and decides which segments are merged with the next one."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
from pyroaring import BitMap

from letrics.engines.bitmap.columns.table import ColumnStore
from letrics.engines.bitmap.costs import Costs
from letrics.engines.bitmap.kernel.arrays import Nums, sorted_unique, to_array
from letrics.engines.bitmap.kernel.roaring import bitmap_of_sorted
from letrics.engines.bitmap.segment.segment import SegmentPair, newest_first
from letrics.store.base import Changes


def apply_changes(columns: ColumnStore, changes: Changes, pause: Callable[[], None], size: int) -> tuple[Nums, Nums]:
    """Apply changes to the columns, `size` documents between two pauses.

    Returns the changed companies and contacts, ascending. The contacts of a changed company change too, see
    `contacts_of_companies`.
    """
    deleted_companies = np.asarray(changes.deleted_companies, dtype=np.uint32)
    deleted_contacts = np.asarray(changes.deleted_contacts, dtype=np.uint32)
    for table, deleted in ((columns.companies, deleted_companies), (columns.contacts, deleted_contacts)):
        if len(deleted):
            table.grow(int(deleted.max()) + 1)
            table.drop(deleted)
    companies = np.asarray(changes.company_nums, dtype=np.uint32)
    for part in _slices(len(companies), size):
        columns.put_companies(companies[part], changes.company_documents[part])
        pause()
    contacts = np.asarray(changes.contact_nums, dtype=np.uint32)
    companies_of_contacts = np.asarray(changes.contact_companies, dtype=np.uint32)
    for part in _slices(len(contacts), size):
        columns.put_contacts(contacts[part], companies_of_contacts[part], changes.contact_documents[part])
        pause()
    return sorted_unique(np.concatenate([companies, deleted_companies])), sorted_unique(
        np.concatenate([contacts, deleted_contacts])
    )


def _slices(count: int, size: int) -> Iterator[slice]:
    return (slice(start, start + size) for start in range(0, count, size))


def contacts_of_companies(segments: tuple[SegmentPair, ...], companies: Nums) -> Nums:
    """The contacts that the segments have of these companies, ascending."""
    found = BitMap()
    for segment, superseded in newest_first(segments, "contacts"):
        assert segment.contacts_of_company is not None
        part = segment.contacts_of_company.union(companies)
        found |= part if superseded is None else part - superseded
    return to_array(found)


def merge_plan(
    segments: tuple[SegmentPair, ...],
    companies: Nums,
    contacts: Nums,
    costs: Costs,
    may_merge: Callable[[], bool] = lambda: True,
) -> tuple[bool, tuple[SegmentPair, ...], Nums, Nums]:
    """Which segments the next one replaces.

    Returns whether a full merge is due; the segments that stay if it is not done; and the companies and contacts that
    the new segment then covers.

    A segment is merged with the next one if it is less than twice as large, so that there are few segments and each
    record is written few times. Large segments stay as they are until the full merge. If the new segment would have
    `min_locked_merge_records` or more, a segment is merged only if `may_merge()`, which is called at most once, or if
    there are too many. It is merged after about as many changes again.
    """
    new_companies, new_contacts = bitmap_of_sorted(companies), bitmap_of_sorted(contacts)
    remaining = list(segments)
    is_allowed = False
    while len(remaining) > 1:
        last, new = _size(remaining[-1]), len(new_companies) + len(new_contacts)
        if last >= min(2 * new, costs.large_segment_records // 2):
            break
        if last + new >= costs.min_locked_merge_records and not is_allowed:
            is_allowed = may_merge() or len(remaining) > costs.max_unlocked_segments
            if not is_allowed:
                break
        new_companies |= remaining[-1].companies.covers
        new_contacts |= remaining[-1].contacts.covers
        remaining.pop()
    outgrown = bool(remaining) and _is_base_outdated(remaining, new_companies, new_contacts, costs)
    return outgrown, tuple(remaining), to_array(new_companies), to_array(new_contacts)


def _is_base_outdated(segments: list[SegmentPair], companies: BitMap, contacts: BitMap, costs: Costs) -> bool:
    """Whether a full merge is due. `companies` and `contacts` are those of the new segment.

    One batch of records is allowed in addition to both shares, so that a small base is not merged all the time.
    """
    base = segments[0]
    for superseded in segments[1:]:
        companies, contacts = companies | superseded.companies.covers, contacts | superseded.contacts.covers
    pairs = ((base.companies.covers, companies), (base.contacts.covers, contacts))
    superseded_count = sum(covers.intersection_cardinality(superseded) for covers, superseded in pairs)
    total = len(companies) + len(contacts)
    return (
        superseded_count > costs.max_superseded_share * _size(base) + costs.records_per_batch
        or total - superseded_count > costs.max_added_share * _size(base) + costs.records_per_batch
    )


def _size(pair: SegmentPair) -> int:
    """The number of records that a segment covers."""
    return len(pair.companies.covers) + len(pair.contacts.covers)
