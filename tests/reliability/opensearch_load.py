"""Imports, searches and cursor walks on a cluster, with the results that are right at each seq of the log."""

from __future__ import annotations

import asyncio
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Final

from letrics.engines.base import EngineAway, EngineLoading, OutOfTime, SearchEngine, SearchRequest, SearchResult, Window
from letrics.identity.patches import ContactPatch
from letrics.query import parse_request
from letrics.store.base import Store

_WORDS: Final = ("cook", "pilot", "baker", "nurse", "judge")
_PAGE: Final = 40


@dataclass
class History:
    """The nums of the contacts with each title after each batch, by the seq of the batch."""

    states: list[tuple[int, dict[str, frozenset[int]]]] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, seq: int, titles: dict[int, str]) -> None:
        """Note the titles of all contacts after the batch that ended at `seq`."""
        found = {word: frozenset(num for num, title in titles.items() if title == word) for word in _WORDS}
        with self.lock:
            self.states.append((seq, found))

    def since(self, seq: int, word: str) -> list[frozenset[int]]:
        """The right results of a search that began when the index was at `seq`, and has ended now."""
        with self.lock:
            return [found[word] for at, found in self.states if at >= seq]


class Importer:
    """Imports, changes and deletes contacts in batches."""

    def __init__(self, store: Store, history: History, seed: int) -> None:
        self._store = store
        self._history = history
        self._rng = Random(seed)
        self._titles: dict[int, str] = {}
        self._added = 0
        self.batches = 0

    def import_batch(self, new: int) -> None:
        """Add `new` contacts, change some titles and delete a few contacts, each in a batch."""
        ids = [*range(self._added, self._added + new), *self._some(new // 4)]
        self._added += new
        titles = {num: self._rng.choice(_WORDS) for num in ids}
        self._store.put_contacts([
            ContactPatch(external_id=f"p{num}", company=f"firm{num % 7}.example", job_title=title)
            for num, title in titles.items()
        ])  # fmt: skip
        self._titles |= titles
        self._history.add(self._store.position().seq, self._titles)
        gone = self._some(new // 10)
        self._store.delete("contacts", gone)
        for num in gone:
            del self._titles[num]
        self._history.add(self._store.position().seq, self._titles)
        self.batches += 2

    def _some(self, count: int) -> list[int]:
        return self._rng.sample(sorted(self._titles), min(count, len(self._titles)))


@dataclass
class Searches:
    """Searches in an endless loop, and what became of them."""

    engine: SearchEngine
    history: History
    seed: int
    searches: int = 0
    walks: int = 0
    wrong: list[str] = field(default_factory=list)
    refusals: Counter[str] = field(default_factory=Counter)
    longest: float = 0.0
    """Seconds of the longest search or page, with or without a result."""
    longest_outage: float = 0.0
    """Seconds between two results with only refusals between them."""
    stopping: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        """Search until `stopping` is set, alternately once and through all pages of a walk."""
        asyncio.run(self._run())

    async def _run(self) -> None:
        rng, last = Random(self.seed), time.monotonic()
        while not self.stopping.is_set():
            word = rng.choice(_WORDS)
            try:
                await (self._walk(word) if rng.random() < 0.3 else self._search(word))
            except (EngineAway, OutOfTime, EngineLoading) as error:
                self.refusals[type(error).__name__] += 1
                self.longest_outage = max(self.longest_outage, time.monotonic() - last)
                await asyncio.sleep(0.05)
            else:
                last = time.monotonic()

    async def _search(self, word: str) -> None:
        found = await self._ask(word, Window(size=5_000))
        assert found.position is not None
        right = self.history.since(found.position.seq, word)
        if frozenset(found.nums) not in right or found.total != len(found.nums):
            self.wrong.append(
                f"search {word} at {found.position.seq}: {found.total} of {[len(each) for each in right]}"
            )
        self.searches += 1

    async def _walk(self, word: str) -> None:
        """All pages of a walk: what matches all the time is there once, and nothing that never matches."""
        start, nums, after = None, [], None
        while True:
            found = await self._page(word, after)
            assert found.position is not None
            start = found.position.seq if start is None else start
            nums += found.nums
            if not found.more:
                break
            after = found.nums[-1]
        right = self.history.since(start, word)
        always, ever = frozenset.intersection(*right), frozenset.union(*right)
        if nums != sorted(set(nums)) or not always <= set(nums) <= ever:
            self.wrong.append(f"walk {word} since {start}: {len(nums)} nums, {len(always)} always, {len(ever)} ever")
        self.walks += 1

    async def _page(self, word: str, after: int | None) -> SearchResult:
        """One page; a refused one is asked for again, as a client does."""
        while True:
            try:
                return await self._ask(word, Window(after=after, size=_PAGE))
            except EngineAway:
                if self.stopping.is_set():
                    raise
                self.refusals["EngineAway of a page"] += 1
                await asyncio.sleep(0.05)

    async def _ask(self, word: str, window: Window) -> SearchResult:
        began = time.monotonic()
        try:
            query = parse_request("contacts", {"job_titles": [word]}).query
            return await self.engine.search(SearchRequest(query, window))
        finally:
            self.longest = max(self.longest, time.monotonic() - began)


def in_background(run: Callable[[], None]) -> threading.Thread:
    """Start a thread."""
    thread = threading.Thread(target=run)
    thread.start()
    return thread
