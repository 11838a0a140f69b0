"""Tantivy: one index of contacts with all facts of their company, and one of companies.

Values, flags included, are terms of one field; times and numbers are fast fields; pages are sorted by the fast
field `num`. Titles are indexed so that "contains" is exact without reading any text: all n-grams of one to three
characters, and the tokens of `titles.py` with positions that show whether a space was between them.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from benchmarks.peers.base import Peer, Result
from benchmarks.peers.pages import page_of
from benchmarks.peers.tantivy_index import Loader, open_index, tokenizer
from benchmarks.peers.tantivy_query import Builder
from benchmarks.peers.titles import Words
from letrics.engines.base import Window
from letrics.query import Request

_DEEP = 10_000
"""The offset from which matches are counted first and the page is sorted from the nearer end."""


class Tantivy(Peer):
    name = "Tantivy"
    packages = ("tantivy",)

    def version(self) -> str:
        from importlib.metadata import version

        return f"tantivy-py {version('tantivy')}"

    def load(self, extract: Path, directory: Path) -> None:
        Loader(directory).load(extract)

    def connect(self, directory: Path) -> None:
        self._indexes = {kind: open_index(directory / kind) for kind in ("contacts", "companies", "titles")}
        self._searchers = {kind: index.searcher() for kind, index in self._indexes.items()}
        self._words = Words(word for word, _ in self._searchers["contacts"].terms_with_prefix("words", ""))
        self._tokenizer = tokenizer(spaces=True)

    def search(self, request: Request, window: Window, seconds: float) -> Result | None:
        """A search cannot be interrupted; the result of one that took longer is dropped."""
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

    def close(self) -> None:
        self._searchers.clear()
        self._indexes.clear()


def _count(found: Any) -> int:
    return int(found.count)  # the package's types do not know it
