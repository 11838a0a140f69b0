"""Taking changes of the log into the columns, and deciding which layers are merged into the next one."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from pyroaring import BitMap

from letrics.engines.bitmap.columns.table import Columns
from letrics.engines.bitmap.kernel.arrays import Nums, distinct, members
from letrics.engines.bitmap.kernel.roaring import ascending
from letrics.engines.bitmap.segment.segment import Layer, covered
from letrics.store.base import Changes
from letrics.store.joined import slices

SLICE = 256
"""Records decoded between two pauses: about a millisecond."""
_DIRTY = 0.02
"""The share of the base that may be overruled before all is merged into a new base: what a query pays for it grows."""
_ADDED = 0.25
"""The same for records that came after the base, which cost a query next to nothing."""
_FEW = 20_000
_LARGEST = 250_000
"""An overlay of so many records is not merged with smaller ones: making it takes a second or two."""


def apply_changes(
    columns: Columns, changes: Changes, pause: Callable[[], None], size: int = SLICE
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
    return distinct(np.concatenate([companies, gone_companies])), distinct(np.concatenate([contacts, gone_contacts]))


def contacts_of(layers: tuple[Layer, ...], companies: Nums) -> Nums:
    """The contacts that the layers know of the companies, ascending."""
    found = BitMap()
    for side, over in covered(layers, "contacts"):
        assert side.of_company is not None
        part = side.of_company.union(companies)
        found |= part if over is None else part - over
    return members(found)


def merge_plan(
    layers: tuple[Layer, ...], companies: Nums, contacts: Nums
) -> tuple[bool, tuple[Layer, ...], Nums, Nums]:
    """Whether a new base is due; which layers stay otherwise, and the companies and contacts that the new one above
    them covers.

    Overlays are merged with the next when it is at least half their size, so that there are few of them and each
    record is merged few times. Large ones are left as they are until they go into a base.
    """
    new_companies, new_contacts = ascending(companies), ascending(contacts)
    kept = list(layers)
    while len(kept) > 1 and _size(kept[-1]) < min(2 * (len(new_companies) + len(new_contacts)), _LARGEST):
        new_companies |= kept[-1].companies.covers
        new_contacts |= kept[-1].contacts.covers
        kept.pop()
    outgrown = bool(kept) and _outgrown(kept, new_companies, new_contacts)
    return outgrown, tuple(kept), members(new_companies), members(new_contacts)


def _outgrown(kept: list[Layer], companies: BitMap, contacts: BitMap) -> bool:
    base = kept[0]
    for over in kept[1:]:
        companies, contacts = companies | over.companies.covers, contacts | over.contacts.covers
    pairs = ((base.companies.covers, companies), (base.contacts.covers, contacts))
    dirty = sum(covers.intersection_cardinality(over) for covers, over in pairs)
    every = len(companies) + len(contacts)
    return dirty > _DIRTY * _size(base) + _FEW or every - dirty > _ADDED * _size(base) + _FEW


def _size(layer: Layer) -> int:
    return len(layer.companies.covers) + len(layer.contacts.covers)
