"""Index check: compares the documents of the indexes with the log, by their digests."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from random import Random
from typing import Any, Final

from letrics.engines.opensearch.cluster_client import Client
from letrics.engines.opensearch.documents import Built, DocumentBuilder
from letrics.engines.opensearch.following.bulk_sender import digest_of
from letrics.engines.opensearch.following.change_parts import parts_of
from letrics.engines.opensearch.following.position_document import read_position
from letrics.engines.opensearch.names import IndexNames
from letrics.plurals import counted, inflected
from letrics.records import KINDS, Kind
from letrics.store.base import Changes, Position, Store

_PART: Final = 5_000
"""Records that are compared together."""
_SAMPLED: Final = 200
"""Companies of a sample that are compared together, with all their contacts."""
_SECONDS: Final = 30.0
"""Time limit of a search."""
_SHOWN: Final = 5
"""Maximum nums named in a difference."""
_ATTEMPTS: Final = 3
"""How often records that differ are compared again while the log changes."""

_MISSING: Final = "of the database {is|are} not in the index"
_SURPLUS: Final = "in the index {is|are} not in the database"
_DIFFERENT: Final = "in the index {differs|differ} from the database"

Differences = dict[tuple[Kind, int], str]
"""For each record for which index and log differ, how."""


class IndexComparison:
    """Compares the indexes `names` with the log of `store`.

    Records that change during the comparison are compared again. `wait_seconds` is how long it waits for the index to
    reach the end of the log before that.
    """

    def __init__(self, client: Client, names: IndexNames, store: Store, wait_seconds: float = 10.0) -> None:
        self._client = client
        self._names = names
        self._store = store
        self._wait_seconds = wait_seconds

    def in_full(self) -> list[str]:
        """Compare all documents with those built from the log. Returns the differences as sentences."""
        return self._repeat(self._scan)

    def of_sample(self, companies: int, rng: Random) -> list[str]:
        """Compare random companies, and their contacts; see `in_full`."""
        end = self._store.counts().next_company
        nums = sorted(rng.sample(range(end), min(companies, end)))
        return self._repeat(lambda _: self._sample(nums))

    def _repeat(self, compare: Callable[[Differences | None], Differences]) -> list[str]:
        """The differences that are there each time. `compare` gets those of the last time."""
        found = compare(None)
        for _ in range(_ATTEMPTS - 1):
            if not found:
                break
            self._wait()
            again = compare(found)
            found = {record: how for record, how in again.items() if record in found}
        return list(_sentences(found))

    def _wait(self) -> None:
        """Wait until the index has reached the end of the log."""
        end, deadline = self._store.position(), time.monotonic() + self._wait_seconds
        while time.monotonic() < deadline:
            found = read_position(self._client, self._names.alias("dictionary"))
            if found is not None and found.position.log == end.log and found.position.seq >= end.seq:
                return
            time.sleep(0.1)

    def _scan(self, suspects: Differences | None) -> Differences:
        """Compare the whole log, or only the parts with suspects."""
        differences: Differences = {}
        builder = self._builder()
        for kind, first, last, changes in self._parts():
            if suspects is None or _are_within(suspects, kind, first, last):
                within = {"gte": first} | ({} if last is None else {"lte": last})
                found = self._digests(kind, {"range": {"num": within}})
                differences |= _differences(kind, builder.build_documents(changes), found)
        return differences

    def _parts(self) -> Iterator[tuple[Kind, int, int | None, Changes]]:
        """The records of the log by ranges of nums, from the first to the last num of each, None: to the end."""
        ends = dict.fromkeys(KINDS, -1)
        for scanned in self._store.scan(_PART):
            for changes in parts_of(scanned, _PART):
                kind: Kind = "companies" if len(changes.company_nums) else "contacts"
                first, last = ends[kind] + 1, (changes.company_nums or changes.contact_nums)[-1]
                ends[kind] = last
                yield kind, first, last, changes
        end = Changes(self._store.position())
        for kind in KINDS:
            yield kind, ends[kind] + 1, None, end

    def _sample(self, nums: list[int]) -> Differences:
        """Compare these companies and their contacts."""
        differences: Differences = {}
        builder, position = self._builder(), self._store.position()
        for start in range(0, len(nums), _SAMPLED):
            part = nums[start : start + _SAMPLED]
            known = _known(part, self._store.documents("companies", part))
            companies = Changes(position, [num for num, _ in known], [document for _, document in known])
            found = self._digests("companies", {"terms": {"num": part}})
            differences |= _differences("companies", builder.build_documents(companies), found)
            for contacts in self._contacts_of(part, position):
                found = self._digests("contacts", {"terms": {"num": list(contacts.contact_nums)}})
                differences |= _differences("contacts", builder.build_documents(contacts), found)
        return differences

    def _contacts_of(self, companies: list[int], position: Position) -> Iterator[Changes]:
        """The contacts of companies, in parts."""
        of, nums = self._store.contacts_of(companies)
        for start in range(0, len(nums), _PART):
            part = nums[start : start + _PART]
            company_of = dict(zip(part, of[start : start + _PART], strict=True))
            known = _known(part, self._store.documents("contacts", part))
            yield Changes(
                position,
                contact_nums=[num for num, _ in known],
                contact_companies=[company_of[num] for num, _ in known],
                contact_documents=[document for _, document in known],
            )

    def _builder(self) -> DocumentBuilder:
        return DocumentBuilder(lambda nums: self._store.documents("companies", nums))

    def _digests(self, kind: Kind, filter_: dict[str, Any]) -> dict[int, int]:
        """The digests of the documents of the index that match, by num."""
        found: dict[int, int] = {}
        body: dict[str, Any] = {
            "size": _PART,
            "query": {"bool": {"filter": [filter_]}},
            "sort": [{"num": "asc"}],
            "docvalue_fields": ["digest"],
            "track_total_hits": False,
        }
        path = f"/{self._names.alias(kind)}/_search?allow_partial_search_results=false"
        while True:
            hits = self._client.request_blocking("POST", path, body, seconds=_SECONDS)["hits"]["hits"]
            found |= {hit["sort"][0]: hit["fields"]["digest"][0] for hit in hits}
            if len(hits) < _PART:
                return found
            body["search_after"] = hits[-1]["sort"]


def _known(nums: Iterable[int], documents: list[bytes | None]) -> list[tuple[int, bytes]]:
    """The records that exist."""
    return [(num, document) for num, document in zip(nums, documents, strict=True) if document is not None]


def _differences(kind: Kind, built: Built, found: dict[int, int]) -> Differences:
    documents = built.companies if kind == "companies" else built.contacts
    expected = {num: digest_of(document) for num, document in documents}
    differences: Differences = {}
    for num in expected.keys() | found.keys():
        if num not in found:
            differences[kind, num] = _MISSING
        elif num not in expected:
            differences[kind, num] = _SURPLUS
        elif expected[num] != found[num]:
            differences[kind, num] = _DIFFERENT
    return differences


def _are_within(records: Differences, kind: Kind, first: int, last: int | None) -> bool:
    """Whether one of the records of this kind is in a range of nums."""
    return any(of == kind and first <= num and (last is None or num <= last) for of, num in records)


def _sentences(differences: Differences) -> Iterator[str]:
    for kind in KINDS:
        for how in (_MISSING, _DIFFERENT, _SURPLUS):
            nums = sorted(num for (of, num), found in differences.items() if (of, found) == (kind, how))
            if nums:
                some = counted(len(nums), "company" if kind == "companies" else "contact")
                shown = ", ".join(map(str, nums[:_SHOWN]))
                yield f"{some} {inflected(len(nums), how)}: num {shown}{', …' if len(nums) > _SHOWN else ''}"
