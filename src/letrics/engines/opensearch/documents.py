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
_MAX_CACHED_COMPANIES: Final = 100_000
"""Default maximum of companies whose members are cached, of about 2 KB each."""

Document = tuple[int, bytes]
"""The num of a record, and its document."""
CompanyMembers = tuple[bytes, dict[str, int | None]]
"""What the documents of contacts have of a company: its members, and the times that derived facts need."""
_NO_COMPANY: Final[CompanyMembers] = (b"", {})
"""What contacts have of an unknown company."""


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
        max_cached: int = _MAX_CACHED_COMPANIES,
    ) -> None:
        self._company_documents = company_documents
        self._max_cached = max_cached
        # Finding the first item of a plain dict passes all items that were deleted before it.
        self._cached: OrderedDict[int, CompanyMembers] = OrderedDict()
        self._entries = NewEntries()
        self._companies = MemberEncoder("company", self._entries)
        self._contacts = MemberEncoder("contact", self._entries)
        self._company_facts = _owned("companies", "company")
        self._joined_facts = _owned("contacts", "company")
        self._contact_facts = _owned("contacts", "contact")
        self._derived = tuple(fact for fact in facts_of("contacts") if fact.later_of is not None)

    def build_documents(self, changes: Changes) -> Built:
        """The documents of the changed records.

        The company of each contact is taken from these changes, the cache or `company_documents`. Contacts of changed
        companies that have not changed themselves are not included.
        """
        built = Built(
            deleted_companies=list(changes.deleted_companies), deleted_contacts=list(changes.deleted_contacts)
        )
        for num in changes.deleted_companies:
            self._cached.pop(num, None)
        for first, documents, encoded in _encoded(self._companies, changes.company_documents):
            nums = changes.company_nums[first : first + len(documents)]
            if encoded is None:
                self._leave_out("company", nums[0], built.deleted_companies)
                self._cached[nums[0]] = _NO_COMPANY
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
            for fact in self._derived:
                columns.append(time_members(fact, _later(fact, encoded, of_contacts)))
            members = list(map(b"".join, zip(*columns, strict=True)))
            built.contacts.extend(zip(nums, map(_document, nums, members), strict=True))
        while len(self._cached) > self._max_cached:
            self._cached.popitem(last=False)
        built.dictionary.extend(self._entries.take())
        return built

    def _cache(self, nums: Sequence[int], encoded: Encoded) -> None:
        times = {fact.later_of[1].name for fact in self._derived if fact.later_of is not None}
        for at, (num, members) in enumerate(zip(nums, encoded.joined(self._joined_facts), strict=True)):
            self._cached.pop(num, None)  # the entry becomes the newest
            self._cached[num] = members, {name: encoded.times[name][at] for name in times}

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
        return {num: self._cached.get(num, _NO_COMPANY) for num in wanted}

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


def _later(fact: Fact, encoded: Encoded, companies: list[CompanyMembers]) -> Times:
    """The later of a time of each contact and one of its company."""
    assert fact.later_of is not None
    own, companys = fact.later_of
    later: Times = []
    for time, (_, times) in zip(encoded.times[own.name], companies, strict=True):
        known = [each for each in (time, times.get(companys.name)) if each is not None]
        later.append(max(known) if known else None)
    return later
