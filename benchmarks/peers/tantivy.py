"""Tantivy: one index of contacts that carry all facts of their company, and one of companies.

Values, flags included, are terms of one field; times and numbers are fast fields; pages are sorted by the fast
field `num`. Titles are indexed so that "contains" is exact without a look at any text: all pieces of one to three
characters, and the tokens of `titles.py` with positions that tell whether a space stood between them.
"""

from __future__ import annotations

import time
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.peers.base import Answer, BuildFigures, disk_bytes, process_bytes
from benchmarks.peers.pages import page_of
from benchmarks.peers.tantivy_index import Loader, open_index, tokenizer
from benchmarks.peers.tantivy_query import Builder
from benchmarks.peers.titles import Words
from benchmarks.peers.vocabulary import Vocabulary, fresh
from letrics.engines.base import Window
from letrics.query import Request

if TYPE_CHECKING:
    pass

_DEEP = 10_000
"""From so far on, hits are counted first and the page is sorted from the nearer end."""


def peer() -> Tantivy:
    return Tantivy()


class Tantivy:
    name = "Tantivy"

    def missing(self) -> str | None:
        return None if find_spec("tantivy") else "the package tantivy is not installed"

    def version(self) -> str:
        from importlib.metadata import version

        return f"tantivy-py {version('tantivy')}"

    def build(self, extract: Path, directory: Path) -> BuildFigures:
        started = time.monotonic()
        fresh(directory)
        Vocabulary.keep(extract, directory)
        Loader(directory).load(extract)
        return BuildFigures(time.monotonic() - started, disk_bytes(directory))

    def open(self, directory: Path) -> None:
        self._before = process_bytes()
        self._vocabulary = Vocabulary(directory)
        self._indexes = {kind: open_index(directory / kind) for kind in ("contacts", "companies", "titles")}
        self._searchers = {kind: index.searcher() for kind, index in self._indexes.items()}
        self._words = Words(word for word, _ in self._searchers["contacts"].terms_with_prefix("words", ""))
        self._tokenizer = tokenizer(spaces=True)

    def search(self, request: Request, window: Window, seconds: float) -> Answer | None:
        """A search cannot be interrupted: one that took longer counts as given up all the same."""
        import tantivy

        started = time.perf_counter()
        kind = request.query.kind
        searcher = self._searchers[kind]
        schema, titles = self._indexes[kind].schema, self._searchers["titles"]
        build = Builder(schema, self._vocabulary, self._words, self._tokenizer, titles)
        query = build.query(request.query)
        if window.after is None and window.offset < _DEEP:
            order = tantivy.Order.Desc if window.order == "newest" else tantivy.Order.Asc
            found = searcher.search(query, window.size, True, "num", window.offset, order)
            total, nums = _count(found), [num for num, _ in found.hits]
        else:
            total, nums = _count(searcher.search(query, 1, True)), []
            page = page_of(window, total, total)
            if page is not None:
                rest = query if window.after is None else build.rest(query, window.after, page.newest)
                order = tantivy.Order.Desc if page.newest else tantivy.Order.Asc
                found = searcher.search(rest, page.size, False, "num", page.offset, order)
                nums = page.in_order([num for num, _ in found.hits])
        if time.perf_counter() - started > seconds:
            return None
        return total, nums

    def memory_bytes(self) -> int:
        return process_bytes() - self._before

    def close(self) -> None:
        self._searchers.clear()
        self._indexes.clear()


def _count(found: Any) -> int:
    return int(found.count)  # the package's types do not know it
