"""Searches, counts, facets and exports over an engine and the documents of a store."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass
from typing import Final

from letrics.budget import check_budget, current_budget
from letrics.engines.base import SearchEngine, SearchRequest, SearchResult, Unmatched, Window
from letrics.fields import Field
from letrics.query import Query, Request
from letrics.query.clauses import Order
from letrics.query.cursor import encode_cursor
from letrics.query.predicate import Predicate
from letrics.records import Kind, cut_down
from letrics.store.base import Documents, StoreReplaced

_MAX_REFILLS: Final = 10
"""The most further searches that fill up one page. Each looks at twice as many matches as the one before: an import
may just have changed thousands in a row, and a malformed company takes all of its contacts out of pages."""

_NO_RECORDS: Final = Window(size=0)


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a search: its documents, the number of all matches, the cursor of the next page (None on the last
    one), and the values of the query that no record has."""

    documents: list[bytes]
    total: int
    next_cursor: str | None
    unmatched: Sequence[Unmatched]


@dataclass(frozen=True, slots=True)
class WalkSizes:
    """How much a walk over all matches reads at a time.

    `window` is the number of matches read from the engine; each window runs the search again. `slice` is the number of
    documents read from the store; if each needs a disk read, other requests wait for one slice at most.
    """

    window: int = 2000
    slice: int = 25


DEFAULT_SIZES: Final = WalkSizes()
"""The sizes of a server."""


@dataclass(frozen=True, slots=True)
class Freshness:
    """How fresh the data is: the time of the last change in milliseconds since 1970 (None if unknown), the sequence
    number of the last indexed change (None while the index is loading), and how many changes are not indexed yet."""

    changed_ms: int | None
    seq: int | None
    lag: int | None


class _Judge:
    """Judges again what changed since it was indexed. The predicate is made when the first such record is met."""

    def __init__(self, query: Query) -> None:
        self._query = query
        self._predicate: Predicate | None = None

    @property
    def kind(self) -> Kind:
        return self._query.kind

    def matches(self, document: bytes) -> bool:
        if self._predicate is None:
            self._predicate = Predicate(self._query)
        return self._predicate.matches(document)


class SearchService:
    """Runs parsed requests. It is stateless.

    Every method raises EngineLoading, OutOfTime, EngineAway, and StoreAway.
    """

    def __init__(self, engine: SearchEngine, documents: Documents) -> None:
        self._engine = engine
        self._documents = documents

    async def page(self, request: Request) -> Page:
        """The page of a request, with the fields of its records that the request names.

        A match that was deleted, damaged or changed since it was indexed, so that it is no match any more, is replaced
        by the next one. If that would take more than `_MAX_REFILLS` searches, the page is shorter.
        """
        query, size = request.query, request.per_page
        offset = 0 if request.page is None else (request.page - 1) * size
        window = Window(request.order, offset, request.after, size)
        first = found = await self._engine.search(SearchRequest(query, window, unmatched=True))
        judge = _Judge(query)
        documents = [document for document in await self._read(judge, found, found.nums) if document is not None]
        last, more = found.nums[-1] if found.nums else None, found.more
        for refill in range(_MAX_REFILLS):
            if len(documents) == size or not more:
                break
            await current_budget().pause()
            window = Window(request.order, 0, last, min(size << refill, DEFAULT_SIZES.window))
            found = await self._engine.search(SearchRequest(query, window))
            last, more = await self._fill(documents, size, judge, found, last)
        check_budget()
        if request.members is not None:
            documents = [cut_down(document, request.members) for document in documents]
        cursor = encode_cursor(query, request.order, last) if more and last is not None else None
        return Page(documents, first.total, cursor, first.unmatched)

    async def _fill(
        self, documents: list[bytes], size: int, judge: _Judge, found: SearchResult, last: int | None
    ) -> tuple[int | None, bool]:
        """Append matches until there are `size` documents. Returns the last num that was looked at (`last` if none
        was), and whether matches follow it. Other tasks run between slices."""
        for start in range(0, len(found.nums), DEFAULT_SIZES.slice):
            nums = found.nums[start : start + DEFAULT_SIZES.slice]
            for num, document in zip(nums, await self._read(judge, found, nums), strict=True):
                if len(documents) == size:
                    return last, True
                last = num
                if document is not None:
                    documents.append(document)
            await current_budget().pause()
        return last, found.more

    async def count(self, query: Query) -> SearchResult:
        """The number of matches, and the unmatched values of the query."""
        return await self._engine.search(SearchRequest(query, _NO_RECORDS, unmatched=True))

    async def totals(self, queries: Sequence[Query]) -> list[int]:
        """The number of matches of each query."""
        return [(await self._engine.search(SearchRequest(query, _NO_RECORDS))).total for query in queries]

    async def facets(self, query: Query, fields: Sequence[Field], size: int) -> SearchResult:
        """The number of matches, the `size` most common values of each field, and the unmatched values of the query."""
        return await self._engine.search(SearchRequest(query, _NO_RECORDS, tuple(fields), size, unmatched=True))

    async def freshness(self) -> Freshness:
        """How far the engine has followed the log."""
        position, log = await self._engine.position(), await self._documents.describe()
        if position is None:
            return Freshness(log.changed_ms, None, None)
        return Freshness(log.changed_ms, position.seq, max(0, log.position.seq - position.seq))

    async def walk(
        self, query: Query, order: Order = "oldest", sizes: WalkSizes = DEFAULT_SIZES,
        left_out: list[str] | None = None,
    ) -> AsyncGenerator[list[bytes], None]:  # fmt: skip
        """Yield the documents of all matches in slices, in constant memory.

        It continues after the last record, like a cursor: a record that matches throughout is read exactly once, even
        while data changes. Other tasks run between slices. The names of malformed records are added to `left_out`.
        Raises StoreReplaced if another database takes the place of the one that the walk began with.
        """
        window = Window(order, 0, None, sizes.window)
        log: str | None = None
        budget = current_budget()
        judge = _Judge(query)
        while True:
            budget.restart()  # each window is a query
            found = await self._engine.search(SearchRequest(query, window))
            if found.position is not None:
                if log not in (None, found.position.log):  # the window continues after a num of the old database
                    raise StoreReplaced("the database was replaced by another one during the export")
                log = found.position.log
            for start in range(0, len(found.nums), sizes.slice):
                read = await self._read(judge, found, found.nums[start : start + sizes.slice], left_out)
                yield [document for document in read if document is not None]
                budget.restart()  # each slice has it, too: the reader may have taken long
                await budget.pause()
            if not found.more:
                return
            window = Window(order, 0, found.nums[-1], sizes.window)

    async def _read(
        self, judge: _Judge, found: SearchResult, nums: Sequence[int], left_out: list[str] | None = None
    ) -> list[bytes | None]:
        """The documents of these matches; None for one that is deleted or malformed, or matches no more. The names of
        malformed ones are added to `left_out`."""
        if not nums:
            return []
        read = await self._documents.found_documents(judge.kind, nums, found.position)
        if left_out is not None:
            left_out += read.malformed
        for at in read.changed:
            document = read.documents[at]
            if document is not None and not judge.matches(document):
                read.documents[at] = None
        return read.documents
