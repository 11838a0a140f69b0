"""Parts of the changes of a large batch, so that not all of its documents are in memory at the same time."""

from __future__ import annotations

from collections.abc import Iterator

from letrics.store.base import Changes


def parts_of(changes: Changes, size: int) -> Iterator[Changes]:
    """Parts of at most `size` records of one kind: companies, then contacts, then all deletions.

    The company of a contact is in an earlier part if it changed too.
    """
    for start in range(0, len(changes.company_nums), size):
        end = start + size
        yield Changes(changes.position, changes.company_nums[start:end], changes.company_documents[start:end])
    for start in range(0, len(changes.contact_nums), size):
        end = start + size
        yield Changes(
            changes.position,
            contact_nums=changes.contact_nums[start:end],
            contact_companies=changes.contact_companies[start:end],
            contact_documents=changes.contact_documents[start:end],
        )
    if changes.deleted_companies or changes.deleted_contacts:
        yield Changes(
            changes.position,
            deleted_companies=changes.deleted_companies,
            deleted_contacts=changes.deleted_contacts,
        )
