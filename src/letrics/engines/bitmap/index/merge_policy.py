"""Taking changes of the log into the columns, and deciding which layers are merged into the next one."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from pyroaring import BitMap

from letrics.engines.bitmap.columns.table import ColumnStore
from letrics.engines.bitmap.kernel.arrays import Nums, sorted_unique, to_array
from letrics.engines.bitmap.kernel.roaring import bitmap_of_sorted
from letrics.engines.bitmap.segment.segment import SegmentPair, newest_first
from letrics.store.base import Changes
from letrics.store.joined import slices

RECORDS_PER_PAUSE = 256
"""Records decoded between two pauses: about a millisecond."""
_MAX_SUPERSEDED_SHARE = 0.02
"""The share of the base that may be overruled before all is merged into a new base: what a query pays for it grows."""
_MAX_ADDED_SHARE = 0.25
"""The same for records that came after the base, which cost a query next to nothing."""
_MIN_MERGE_RECORDS = 20_000
_MAX_MERGED_RECORDS = 250_000
"""An overlay of so many records is not merged with smaller ones: making it takes a second or two."""


def apply_changes(
    columns: ColumnStore, changes: Changes, pause: Callable[[], None], size: int = RECORDS_PER_PAUSE
) -> tuple[Nums, Nums]:
    """Take the changes into the columns, `size` at a time; returns the companies and contacts that they change,
    ascending. The contacts of a changed company change with it: see `contacts_of`."""
    gone_companies = np.asarray(changes.deleted_companies, dtype=np.uint32)
    gone_contacts = np.asarray(changes.deleted_contacts, dtype=np.uint32)
    for table, gone in ((columns.companies, gone_companies), (columns.contacts, gone_contacts)):
        if len(gone):
            table.grow(int(gone.max()) + 1)
            table.drop(gone)
    companies = np.asarray(changes.company_nums, dtype=np.uint32)
    for part in slices(changes.company_documents, size):
        columns.put_companies(companies[part], changes.company_documents[part])
        pause()
    contacts = np.asarray(changes.contact_nums, dtype=np.uint32)
    employers = np.asarray(changes.contact_companies, dtype=np.uint32)
    for part in slices(changes.contact_documents, size):
        columns.put_contacts(contacts[part], employers[part], changes.contact_documents[part])
        pause()
    return sorted_unique(np.concatenate([companies, gone_companies])), sorted_unique(
        np.concatenate([contacts, gone_contacts])
    )


def contacts_of_companies(segments: tuple[SegmentPair, ...], companies: Nums) -> Nums:
    """The contacts that the layers know of the companies, ascending."""
    found = BitMap()
    for segment, superseded in newest_first(segments, "contacts"):
        assert segment.contacts_of_company is not None
        part = segment.contacts_of_company.union(companies)
        found |= part if superseded is None else part - superseded
    return to_array(found)


def merge_plan(
    segments: tuple[SegmentPair, ...], companies: Nums, contacts: Nums
) -> tuple[bool, tuple[SegmentPair, ...], Nums, Nums]:
    """Whether a new base is due; which layers stay otherwise, and the companies and contacts that the new one above
    them covers.

    Overlays are merged with the next when it is at least half their size, so that there are few of them and each
    record is merged few times. Large ones are left as they are until they go into a base.
    """
    new_companies, new_contacts = bitmap_of_sorted(companies), bitmap_of_sorted(contacts)
    kept = list(segments)
    while len(kept) > 1 and _size(kept[-1]) < min(2 * (len(new_companies) + len(new_contacts)), _MAX_MERGED_RECORDS):
        new_companies |= kept[-1].companies.covers
        new_contacts |= kept[-1].contacts.covers
        kept.pop()
    outgrown = bool(kept) and _is_base_outdated(kept, new_companies, new_contacts)
    return outgrown, tuple(kept), to_array(new_companies), to_array(new_contacts)


def _is_base_outdated(kept: list[SegmentPair], companies: BitMap, contacts: BitMap) -> bool:
    base = kept[0]
    for superseded in kept[1:]:
        companies, contacts = companies | superseded.companies.covers, contacts | superseded.contacts.covers
    pairs = ((base.companies.covers, companies), (base.contacts.covers, contacts))
    dirty = sum(covers.intersection_cardinality(superseded) for covers, superseded in pairs)
    every = len(companies) + len(contacts)
    return (
        dirty > _MAX_SUPERSEDED_SHARE * _size(base) + _MIN_MERGE_RECORDS
        or every - dirty > _MAX_ADDED_SHARE * _size(base) + _MIN_MERGE_RECORDS
    )


def _size(pair: SegmentPair) -> int:
    return len(pair.companies.covers) + len(pair.contacts.covers)
