"""Builds the documents of the indexes from changes of the log.

The document of a contact also has the facts of its company: queries that join at search time take several times as
long. So a change of a company changes the documents of all of its contacts.
"""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from letrics.engines.opensearch.dictionary import Entry, NewEntries
from letrics.engines.opensearch.members import Encoded, MemberEncoder, Times, time_members
from letrics.fields import Fact, Owner, facts_of
from letrics.records import MALFORMED, Kind
from letrics.store.base import Changes

_log: Final = logging.getLogger("letrics.opensearch")
_MAX_CACHED_BYTES: Final = 128 << 20
"""Default maximum size of the cached members of companies: those of about 100,000."""
_ENTRY_BYTES: Final = 300
"""About the size of a cached company in memory besides its members."""

Document = tuple[int, bytes]
"""The num of a record, and its document."""
CompanyMembers = tuple[bytes, tuple[int | None, ...]]
"""What the documents of contacts have of a company: its members, and its time for each derived fact."""


@dataclass(frozen=True, slots=True)
class Built:
    """What to write for some changes of the log.

    Malformed records are among the deleted ones: they are in no index. Dictionary entries are created unless there is
    one with that id.
    """

    companies: list[Document] = field(default_factory=list)
    contacts: list[Document] = field(default_factory=list)
    dictionary: list[Entry] = field(default_factory=list)
    deleted_companies: list[int] = field(default_factory=list)
    deleted_contacts: list[int] = field(default_factory=list)


def _owned(kind: Kind, owner: Owner) -> tuple[Fact, ...]:
    return tuple(fact for fact in facts_of(kind) if fact.owner == owner and fact.later_of is None)


class DocumentBuilder:
    """Builds documents from the changes of one log, in order. Used by one thread.

    `company_documents` returns the stored documents of companies by num, None for those that do not exist.
    """

    def __init__(
        self,
        company_documents: Callable[[Sequence[int]], list[bytes | None]],
        max_cached_bytes: int = _MAX_CACHED_BYTES,
    ) -> None:
        self._company_documents = company_documents
        self._max_cached_bytes = max_cached_bytes
        self._cached_bytes = 0
        # Finding the first item of a plain dict passes all items that were deleted before it.
        self._cached: OrderedDict[int, CompanyMembers] = OrderedDict()
        self._entries = NewEntries()
        self._companies = MemberEncoder("company", self._entries)
        self._contacts = MemberEncoder("contact", self._entries)
        self._company_facts = _owned("companies", "company")
        self._joined_facts = _owned("contacts", "company")
        self._contact_facts = _owned("contacts", "contact")
        self._derived = tuple(fact for fact in facts_of("contacts") if fact.later_of is not None)
        self._no_company: CompanyMembers = (b"", (None,) * len(self._derived))

    def build_documents(self, changes: Changes) -> Built:
        """The documents of the changed records.

        The company of each contact is taken from these changes, the cache or `company_documents`. Contacts of changed
        companies that have not changed themselves are not included.
        """
        built = Built(
            deleted_companies=list(changes.deleted_companies), deleted_contacts=list(changes.deleted_contacts)
        )
        for num in changes.deleted_companies:
            self._forget(num)
        for first, documents, encoded in _encoded(self._companies, changes.company_documents):
            nums = changes.company_nums[first : first + len(documents)]
            if encoded is None:
                self._leave_out("company", nums[0], built.deleted_companies)
                self._remember(nums[0], self._no_company)
                continue
            members = encoded.joined(self._company_facts)
            built.companies.extend(zip(nums, map(_document, nums, members), strict=True))
            self._cache(nums, encoded)
        companies = self._members_of(changes.contact_companies)
        for first, documents, encoded in _encoded(self._contacts, changes.contact_documents):
            nums = changes.contact_nums[first : first + len(documents)]
            if encoded is None:
                self._leave_out("contact", nums[0], built.deleted_contacts)
                continue
            of_contacts = [companies[num] for num in changes.contact_companies[first : first + len(documents)]]
            columns = [encoded.joined(self._contact_facts), [members for members, _ in of_contacts]]
            for at, fact in enumerate(self._derived):
                times = [times[at] for _, times in of_contacts]
                columns.append(time_members(fact, _later(encoded.times[_later_of(fact)[0].name], times)))
            members = list(map(b"".join, zip(*columns, strict=True)))
            built.contacts.extend(zip(nums, map(_document, nums, members), strict=True))
        while self._cached_bytes > self._max_cached_bytes:
            self._forget(next(iter(self._cached)))
        built.dictionary.extend(self._entries.take())
        return built

    def _cache(self, nums: Sequence[int], encoded: Encoded) -> None:
        times = zip(*(encoded.times[_later_of(fact)[1].name] for fact in self._derived), strict=True)
        for num, entry in zip(nums, zip(encoded.joined(self._joined_facts), times, strict=True), strict=True):
            self._remember(num, entry)

    def _remember(self, num: int, entry: CompanyMembers) -> None:
        """Cache what contacts have of a company, as the newest entry."""
        self._forget(num)
        self._cached[num] = entry
        self._cached_bytes += len(entry[0]) + _ENTRY_BYTES

    def _forget(self, num: int) -> None:
        entry = self._cached.pop(num, None)
        if entry is not None:
            self._cached_bytes -= len(entry[0]) + _ENTRY_BYTES

    def _members_of(self, companies: Sequence[int]) -> dict[int, CompanyMembers]:
        """The members of these companies."""
        wanted = dict.fromkeys(companies)
        missing = [num for num in wanted if num not in self._cached]
        if missing:
            found = zip(missing, self._company_documents(missing), strict=True)
            known = [(num, document) for num, document in found if document is not None]
            nums = [num for num, _ in known]
            for first, documents, encoded in _encoded(self._companies, [document for _, document in known]):
                if encoded is not None:
                    self._cache(nums[first : first + len(documents)], encoded)
        return {num: self._cached.get(num, self._no_company) for num in wanted}

    @staticmethod
    def _leave_out(owner: Owner, num: int, deleted: list[int]) -> None:
        """Have nothing of a record whose document cannot be read."""
        deleted.append(num)
        _log.warning(
            "the document of %s num %d is malformed, so it is not in the index: run `letrics check`", owner, num
        )


def _encoded(
    encoder: MemberEncoder, documents: Sequence[bytes], first: int = 0
) -> Iterator[tuple[int, Sequence[bytes], Encoded | None]]:
    """Parts of the documents with their position, encoded. A malformed document is a part with None."""
    if not documents:
        return
    try:
        yield first, documents, encoder.encode(documents)
    except MALFORMED:
        if len(documents) == 1:
            yield first, documents, None
            return
        half = len(documents) // 2
        yield from _encoded(encoder, documents[:half], first)
        yield from _encoded(encoder, documents[half:], first + half)


def _document(num: int, members: bytes) -> bytes:
    return b'{"num":%d%s}' % (num, members)


def _later_of(fact: Fact) -> tuple[Fact, Fact]:
    """The two times of which a derived fact is the later one: that of the contact, and that of the company."""
    assert fact.later_of is not None
    return fact.later_of


def _later(times: Times, others: Times) -> Times:
    """The later one of the times of each contact."""
    later: Times = []
    for pair in zip(times, others, strict=True):
        known = [time for time in pair if time is not None]
        later.append(max(known) if known else None)
    return later
