"""An engine that looks at every record for every question: slow, small and plainly right."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from difflib import get_close_matches
from typing import Final

from letrics.engines.base import (
    Capabilities,
    EngineLoading,
    OutOfTime,
    SearchRequest,
    SearchResult,
    Unmatched,
    ValueCount,
    Window,
)
from letrics.fields import Fact, Field
from letrics.normalize.text import fold, fold_words
from letrics.query import AllOf, AnyOf, Clause, Contains, NoneOf, Query
from letrics.records import Kind
from letrics.store.base import Position
from tests.naive.clauses import is_matched, keys_of, matches, value_of
from tests.naive.records import Record, Records

_RECORDS_PER_STEP: Final = 100
"""Records that a query looks at before it lets other requests run."""


class NaiveEngine:
    """A search engine over `records`, which whatever follows the log replaces; see SearchEngine.

    It makes no suggestions. A query takes `budget_ms` at most.
    """

    capabilities: Final = Capabilities(any_offset=True, exact_facets=True, suggestions=False)

    def __init__(self, budget_ms: int = 60_000) -> None:
        self.records: Records | None = None
        self._budget = budget_ms / 1000

    async def search(self, request: SearchRequest) -> SearchResult:
        """See SearchEngine."""
        records, query = self._loaded(), request.query
        nums = list(await self._matching(records, query.kind, query.clauses))
        rest = window_of(nums, request.window)
        shown, more = rest[: request.window.size], len(rest) > request.window.size
        everything = await self._matching(records, query.kind, ())
        clauses = query.clauses if request.unmatched else ()
        missing = [value for clause in clauses for value in unmatched(clause, everything.values())]
        facets = [
            await self._facet(records, query, field, everything.values(), request.facet_size)
            for field in request.facets
        ]
        return SearchResult(len(nums), shown, more, records.position, missing, facets)

    async def _facet(
        self, records: Records, query: Query, field: Field, everything: Collection[Record], size: int
    ) -> list[ValueCount]:
        fact, clauses = field.fact(query.kind), [clause for clause in query.clauses if clause.field != field.name]
        assert fact is not None
        found = await self._matching(records, query.kind, clauses)
        return facet(fact, found.values(), everything)[:size]

    async def values(self, kind: Kind, fact: Fact, typed: str, limit: int) -> list[ValueCount]:
        """See SearchEngine."""
        everything = await self._matching(self._loaded(), kind, ())
        return completions(fact, everything.values(), typed)[:limit]

    async def position(self) -> Position | None:
        """See SearchEngine."""
        return None if self.records is None else self.records.position

    def close(self) -> None:
        """See SearchEngine."""
        self.records = None

    def _loaded(self) -> Records:
        if self.records is None:
            raise EngineLoading("the records are being read")
        return self.records

    async def _matching(self, records: Records, kind: Kind, clauses: Sequence[Clause]) -> dict[int, Record]:
        """The records that match all clauses, in order of num."""
        started, found = time.perf_counter(), {}
        for step, (num, record) in enumerate(records.of_kind(kind).items()):
            if step % _RECORDS_PER_STEP == 0:
                await asyncio.sleep(0)
            if time.perf_counter() - started > self._budget:
                raise OutOfTime(f"the query took longer than {self._budget:g} s")
            if all(matches(clause, *record) for clause in clauses):
                found[num] = record
        return found


def window_of(nums: Sequence[int], window: Window) -> list[int]:
    """The matches, given in order of num, from the beginning of the window to the end."""
    found = list(nums) if window.order == "oldest" else list(nums)[::-1]
    after = window.after
    if after is None:
        return found[window.offset :]
    return [num for num in found if (num > after if window.order == "oldest" else num < after)]


def unmatched(clause: Clause, records: Iterable[Record]) -> list[Unmatched]:
    """The values of the clause that no record has."""
    if not isinstance(clause, AnyOf | NoneOf | AllOf | Contains):
        return []
    known = texts_of_keys(clause.fact, records)
    return [Unmatched(clause.field, term.value, ()) for term in clause.terms if not is_matched(clause, term, known)]


def facet(fact: Fact, records: Iterable[Record], everything: Iterable[Record]) -> list[ValueCount]:
    """The values of the records that a facet counts, the most common first, then by text.

    A value is shown as the first of `everything` spells it.
    """
    counts, texts = count_keys(fact, records), texts_of_keys(fact, everything)
    shown = [(key, count) for key, count in counts.items() if fact.facet_key is None or fact.facet_key(key)]
    found = [ValueCount(label, count) for key, count in shown if (label := label_of(fact, key, texts[key]))]
    return sorted(found, key=lambda value: (-value.count, value.value))


def completions(fact: Fact, everything: Collection[Record], typed: str) -> list[ValueCount]:
    """The values that contain the typed text, the best match first, then the most common, then by text. If there are
    none, similar values."""
    wanted = fold_words(typed) if fact.kind == "text" else fold(typed)
    if not wanted:
        return facet(fact, everything, everything)
    counts, texts = count_keys(fact, everything), texts_of_keys(fact, everything)
    best: dict[str, int] = {}
    for key, count in counts.items():
        label = label_of(fact, key, texts[key])
        if label:
            best[label] = max(count, best.get(label, 0))
    ranks = {label: rank(fold(label), wanted) for label in best if wanted in fold(label)}
    found = sorted(ranks, key=lambda label: (ranks[label], -best[label], label))
    found = found or get_close_matches(wanted, best, 10)
    return [ValueCount(label, best[label]) for label in found]


def count_keys(fact: Fact, records: Iterable[Record]) -> Counter[str]:
    """The number of records with each key of the fact."""
    return Counter(key for record in records for key in keys_of(fact, value_of(fact, *record)))


def texts_of_keys(fact: Fact, records: Iterable[Record]) -> dict[str, str]:
    """Each key of the fact with the first text that has it."""
    texts: dict[str, str] = {}
    for record in records:
        for key, text in keys_of(fact, value_of(fact, *record)).items():
            texts.setdefault(key, text)
    return texts


def label_of(fact: Fact, key: str, text: str) -> str | None:
    """How a value is shown: texts are shown folded."""
    if fact.kind == "text":
        return key
    return text if fact.label is None else fact.label(key)


def rank(text: str, wanted: str) -> int:
    """How well a text that contains `wanted` matches: as a whole, its beginning, that of a word, anywhere."""
    if text == wanted:
        return 0
    return 1 if text.startswith(wanted) else 2 if f" {wanted}" in text else 3
