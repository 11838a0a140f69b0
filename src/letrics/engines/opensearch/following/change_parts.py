"""What is sent for the changes of a batch, in parts: not all documents are in memory at the same time."""

from __future__ import annotations

from collections.abc import Iterator

from letrics.store.base import Changes, Store


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


def contacts_of_companies(store: Store, changes: Changes, size: int) -> Iterator[Changes]:
    """The other contacts of companies that changed, in parts of `size`: their documents have facts of the company.

    They are read as they are now, which may be later than the changes. The later changes are sent again.
    """
    companies, nums = store.contacts_of(changes.company_nums)
    sent = set(changes.contact_nums)
    others = sorted((num, company) for company, num in zip(companies, nums, strict=True) if num not in sent)
    for start in range(0, len(others), size):
        part = others[start : start + size]
        documents = store.documents("contacts", [num for num, _ in part])
        found = [(*each, document) for each, document in zip(part, documents, strict=True) if document is not None]
        yield Changes(
            changes.position,
            contact_nums=[num for num, _, _ in found],
            contact_companies=[company for _, company, _ in found],
            contact_documents=[document for _, _, document in found],
            deleted_contacts=[num for (num, _), document in zip(part, documents, strict=True) if document is None],
        )
