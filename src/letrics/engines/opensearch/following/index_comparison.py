"""Index check: compares the documents of the indexes with the log, by their digests."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from letrics.engines.opensearch.cluster_client import Client
from letrics.engines.opensearch.documents import Document, DocumentBuilder
from letrics.engines.opensearch.following.bulk_sender import digest_of
from letrics.engines.opensearch.names import IndexNames
from letrics.plurals import counted
from letrics.records import KINDS, Kind
from letrics.store.base import Store

_PART: Final = 5_000
"""Records that are compared together."""
_SECONDS: Final = 30.0
"""Time limit of a search."""
_SHOWN: Final = 5
"""Maximum nums named in a difference."""


class _Difference:
    """Records of a kind for which index and log differ in one way."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._nums: list[int] = []

    def add(self, nums: set[int]) -> None:
        self._nums += sorted(nums)

    def sentences(self, kind: Kind) -> list[str]:
        if not self._nums:
            return []
        some = counted(len(self._nums), kind.removesuffix("ies") + "y" if kind == "companies" else "contact")
        first = ", ".join(map(str, self._nums[:_SHOWN]))
        return [f"{some} {self._text}: num {first}{', …' if len(self._nums) > _SHOWN else ''}"]


def compare_index(client: Client, names: IndexNames, store: Store) -> list[str]:
    """Compare all documents with those built from the log. Returns the differences as sentences.

    The indexes must be at the end of the log. What is changed meanwhile can be reported as a difference.
    """
    differences = []
    missing = {kind: _Difference("of the database are not in the index") for kind in KINDS}
    differing = {kind: _Difference("in the index differ from the database") for kind in KINDS}
    surplus = {kind: _Difference("in the index are not in the database") for kind in KINDS}
    ends = dict.fromkeys(KINDS, -1)

    def compare(kind: Kind, documents: list[Document], end: int | None) -> None:
        expected = {num: digest_of(document) for num, document in documents}
        found = dict(_digests(client, names.alias(kind), ends[kind] + 1, end))
        missing[kind].add(expected.keys() - found.keys())
        surplus[kind].add(found.keys() - expected.keys())
        differing[kind].add({num for num in expected.keys() & found.keys() if expected[num] != found[num]})
        if end is not None:
            ends[kind] = end

    builder = DocumentBuilder(lambda nums: store.documents("companies", nums))
    for changes in store.scan(_PART):
        built = builder.build_documents(changes)
        if len(changes.company_nums):
            compare("companies", built.companies, changes.company_nums[-1])
        if len(changes.contact_nums):
            compare("contacts", built.contacts, changes.contact_nums[-1])
    for kind in KINDS:
        compare(kind, [], None)
        for difference in (missing[kind], differing[kind], surplus[kind]):
            differences += difference.sentences(kind)
    return differences


def _digests(client: Client, alias: str, first: int, last: int | None) -> Iterator[tuple[int, int]]:
    """The nums and digests of the documents from num `first` to `last`, None: to the end."""
    bounds = {"gte": first} | ({} if last is None else {"lte": last})
    after: list[int] | None = None
    while True:
        body = {
            "size": _PART,
            "query": {"bool": {"filter": [{"range": {"num": bounds}}]}},
            "sort": [{"num": "asc"}],
            "docvalue_fields": ["digest"],
            "track_total_hits": False,
            **({} if after is None else {"search_after": after}),
        }
        path = f"/{alias}/_search?allow_partial_search_results=false"
        hits = client.request_blocking("POST", path, body, seconds=_SECONDS)["hits"]["hits"]
        for hit in hits:
            yield hit["sort"][0], hit["fields"]["digest"][0]
        if len(hits) < _PART:
            return
        after = hits[-1]["sort"]
