"""Tantivy: one index of contacts that carry all facts of their company, and one of companies.

Values, flags included, are terms of one field; times and numbers are fast fields; pages are sorted by the fast
field `num`. Titles are indexed so that "contains" is exact without a look at any text: all pieces of one and two
characters, and the tokens of `titles.py` with positions that tell whether a space stood between them.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow.parquet as pq

from benchmarks.extract import COMPANY, CONTACT, column
from benchmarks.peers.base import Answer, BuildFigures, disk_bytes, process_bytes
from benchmarks.peers.pages import page_of
from benchmarks.peers.titles import TOKEN, Words, is_word
from benchmarks.peers.vocabulary import Vocabulary, fresh
from letrics.engines.base import Window
from letrics.fields import COMPANY_UPDATED, FACTS, Fact
from letrics.query import AllOf, AnyOf, Between, Contains, Flag, NoneOf, Query, Request
from letrics.query.clauses import Clause

if TYPE_CHECKING:
    import tantivy

_FLAGS = {fact.name: 1_000_000_000 + at for at, fact in enumerate(FACTS) if fact.kind == "flag"}
"""Flags are keys beside those of the vocabulary."""
_SETS = [column(fact) for fact in COMPANY if fact.kind == "values"]
_ONES = [column(fact) for fact in CONTACT if fact.kind == "values"]
_RANGES = [fact for fact in COMPANY if fact.kind in ("number", "time") and fact is not COMPANY_UPDATED]
"""Contacts are not asked when their company changed: it is in when they changed themselves."""
_HEAP = 2_000_000_000
_PIECE = 2
_TITLE = "t"
"""Before the id of a title, a key."""
_NEEDLES = 16
"""More needles than these are looked for among distinct titles, whose ids are then looked for among contacts."""
_DEEP = 10_000
"""From so far on, hits are counted first and the page is sorted from the nearer end."""
_PHRASES = 32
"""So many phrases of whole words are asked rather than one of patterns, which takes milliseconds to compile."""


def peer() -> Tantivy:
    return Tantivy()


def _flags(facts: list[Fact]) -> dict[str, int]:
    return {column(fact): _FLAGS[fact.name] for fact in facts if fact.kind == "flag"}


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
        _Loader(directory).load(extract)
        return BuildFigures(time.monotonic() - started, disk_bytes(directory))

    def open(self, directory: Path) -> None:
        self._before = process_bytes()
        self._vocabulary = Vocabulary(directory)
        self._indexes = {kind: _index(directory / kind) for kind in ("contacts", "companies", "titles")}
        self._searchers = {kind: index.searcher() for kind, index in self._indexes.items()}
        self._words = Words(word for word, _ in self._searchers["contacts"].terms_with_prefix("words", ""))
        self._tokenizer = _tokens(spaces=True)

    def search(self, request: Request, window: Window, seconds: float) -> Answer | None:
        """A search cannot be interrupted: one that took longer counts as given up all the same."""
        import tantivy

        started = time.perf_counter()
        kind = request.query.kind
        searcher = self._searchers[kind]
        schema, titles = self._indexes[kind].schema, self._searchers["titles"]
        build = _Builder(schema, self._vocabulary, self._words, self._tokenizer, titles)
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


def _index(path: Path) -> tantivy.Index:
    """The index at `path`, made where it is not there."""
    import tantivy

    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field("num", fast=True)
    builder.add_text_field("keys", tokenizer_name="whitespace", index_option="basic")
    builder.add_text_field("domain", tokenizer_name="raw", index_option="basic")
    for name in [f"company_{column(fact)}" for fact in _RANGES] + ["company_updated", "added", "updated"]:
        builder.add_integer_field(name, fast=True)
    builder.add_text_field("pieces", tokenizer_name="pieces", index_option="basic")
    builder.add_text_field("words", tokenizer_name="tokens", index_option="position")
    path.mkdir(exist_ok=True)
    index = tantivy.Index(builder.build(), str(path))
    pieces = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.ngram(1, _PIECE)).build()
    index.register_tokenizer("pieces", pieces)
    index.register_tokenizer("tokens", _tokens(spaces=False))
    return index


def _tokens(spaces: bool) -> tantivy.TextAnalyzer:
    """The tokens of a title, with those that are spaces or without."""
    import tantivy

    made = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.regex(TOKEN))
    return (made if spaces else made.filter(tantivy.Filter.custom_stopword([" "]))).build()


def _rows(path: Path, columns: list[str]) -> Iterator[tuple[Any, ...]]:
    with pq.ParquetFile(path) as file:
        for batch in file.iter_batches(50_000, columns=columns):
            yield from zip(*(batch[name].to_pylist() for name in columns), strict=True)


class _Loader:
    """Documents in order of num, indexed by one thread while this one makes them."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._companies: dict[int, tuple[str, str, list[tuple[str, int]], int]] = {}
        """Of each company its domain, its keys, its numbers and times by field, and when it last changed."""

    def load(self, extract: Path) -> None:
        for kind, documents in (
            ("titles", self._of_titles(extract)),
            ("companies", self._of_companies(extract)),
            ("contacts", self._of_contacts(extract)),
        ):
            index = _index(self._directory / kind)
            writer = index.writer(_HEAP, 1)
            for document in documents:
                writer.add_document(document)
            writer.commit()
            writer.wait_merging_threads()

    def _of_titles(self, extract: Path) -> Iterator[tantivy.Document]:
        import tantivy

        for id_, folded in _rows(extract / "titles.parquet", ["id", "folded"]):
            document = tantivy.Document()
            document.add_unsigned("num", id_)
            document.add_text("pieces", folded)
            document.add_text("words", folded)
            yield document

    def _of_companies(self, extract: Path) -> Iterator[tantivy.Document]:
        flags, ranges = _flags(COMPANY), [column(fact) for fact in _RANGES]
        names = ["num", "domain", "updated", *flags, *ranges, *_SETS]
        for num, domain, updated, *row in _rows(extract / "companies.parquet", names):
            keys = [flag for flag, is_set in zip(flags.values(), row, strict=False) if is_set]
            keys += [key for one in row[len(flags) + len(ranges) :] for key in one]
            given = zip(ranges, row[len(flags) :], strict=False)
            numbers = [(f"company_{name}", value) for name, value in given if value is not None]
            company = (domain, " ".join(map(str, keys)), numbers, updated)
            document = _document(num, company, company[1])
            document.add_integer("company_updated", updated)
            self._companies[num] = company
            yield document

    def _of_contacts(self, extract: Path) -> Iterator[tantivy.Document]:
        titles = [folded for (folded,) in _rows(extract / "titles.parquet", ["folded"])]
        flags = _flags(CONTACT)
        names = ["num", "company", "title", "added", "updated", *_ONES, *flags]
        for num, at, title, added, updated, *row in _rows(extract / "contacts.parquet", names):
            company = self._companies[at]
            keys = [key for key in row[: len(_ONES)] if key is not None]
            keys += [flag for flag, is_set in zip(flags.values(), row[len(_ONES) :], strict=True) if is_set]
            document = _document(num, company, f"{company[1]} {' '.join(map(str, keys))}")
            document.add_integer("added", added)
            document.add_integer("updated", max(updated, company[3]))
            if title is not None:
                document.add_text("keys", f"{_TITLE}{title}")
                document.add_text("pieces", titles[title])
                document.add_text("words", titles[title])
            yield document


def _document(num: int, company: tuple[str, str, list[tuple[str, int]], int], keys: str) -> tantivy.Document:
    import tantivy

    document = tantivy.Document()
    document.add_unsigned("num", num)
    document.add_text("domain", company[0])
    document.add_text("keys", keys)
    for name, value in company[2]:
        document.add_integer(name, value)
    return document


class _Builder:
    """A query in Tantivy's terms."""

    def __init__(
        self,
        schema: tantivy.Schema,
        vocabulary: Vocabulary,
        words: Words,
        tokenizer: tantivy.TextAnalyzer,
        titles: tantivy.Searcher,
    ) -> None:
        import tantivy

        self._t = tantivy.Query
        self._occur = tantivy.Occur
        self._integer, self._unsigned = tantivy.FieldType.Integer, tantivy.FieldType.Unsigned
        self._schema = schema
        self._vocabulary = vocabulary
        self._words = words
        self._tokenizer = tokenizer
        self._titles = titles

    def query(self, asked: Query) -> tantivy.Query:
        wanted: list[tantivy.Query] = []
        unwanted: list[tantivy.Query] = []
        for clause in asked.clauses:
            exclude = isinstance(clause, NoneOf) or (isinstance(clause, AllOf | Contains) and clause.exclude)
            (unwanted if exclude else wanted).append(self._clause(clause))
        if len(wanted) == 1 and not unwanted:
            return wanted[0]
        musts = [(self._occur.Must, one) for one in wanted or [self._t.all_query()]]
        return self._t.boolean_query([*musts, *((self._occur.MustNot, one) for one in unwanted)])

    def rest(self, query: tantivy.Query, after: int, newest: bool) -> tantivy.Query:
        """The hits that come after a record."""
        low, high = (0, after - 1) if newest else (after + 1, 1 << 40)
        beyond = self._t.range_query(self._schema, "num", self._unsigned, low, high)
        return self._t.boolean_query([(self._occur.Must, query), (self._occur.Must, beyond)])

    def _clause(self, clause: Clause) -> tantivy.Query:
        match clause:
            case AnyOf(_, fact, terms) | NoneOf(_, fact, terms) if fact.kind == "keys":
                return self._any_term("domain", [key for term in terms for key in term.keys])
            case AnyOf(_, fact, terms) | NoneOf(_, fact, terms):
                return self._any_term("keys", [*map(str, self._vocabulary.ids(fact, terms))])
            case AllOf(_, fact, terms):
                each = [self._any_term("keys", [*map(str, self._vocabulary.ids(fact, [term]))]) for term in terms]
                return self._t.boolean_query([(self._occur.Must, one) for one in each])
            case Contains(_, _, terms):
                needles = [self._contains(key) for term in terms for key in term.keys]
                if len(needles) <= _NEEDLES:
                    return self._any(needles)
                found = self._titles.search(self._any(needles), self._titles.num_docs, False, "num")
                return self._any_term("keys", [f"{_TITLE}{id_}" for id_, _ in found.hits])
            case Flag(_, fact):
                return self._any_term("keys", [str(_FLAGS[fact.name])])
            case Between(_, fact, low, high):
                name = column(fact) if fact.owner == "contact" else f"company_{column(fact)}"
                return self._t.range_query(self._schema, name, self._integer, low, high)

    def _any_term(self, field: str, values: list[str]) -> tantivy.Query:
        if not values:
            return self._t.empty_query()
        if len(values) == 1:
            return self._t.term_query(self._schema, field, values[0], "basic")
        return self._t.term_set_query(self._schema, field, values)

    def _any(self, queries: list[tantivy.Query]) -> tantivy.Query:
        if not queries:
            return self._t.empty_query()
        return queries[0] if len(queries) == 1 else self._t.boolean_query([(self._occur.Should, q) for q in queries])

    def _contains(self, needle: str) -> tantivy.Query:
        if len(needle) <= _PIECE:
            return self._t.term_query(self._schema, "pieces", needle, "basic")
        parts = [(at, text) for at, text in enumerate(self._tokenizer.analyze(needle)) if text != " "]
        first, last = parts[0][1], parts[-1][1]
        if len(parts) == 1:
            return self._any_term("words", self._words.containing(first))
        firsts = self._words.ending(first) if is_word(first) else [first]
        lasts = self._words.beginning(last) if is_word(last) else [last]
        if len(firsts) * len(lasts) <= _PHRASES:
            ends = ((one, other) for one in firsts for other in lasts)
            phrases = [[(0, one), *parts[1:-1], (parts[-1][0], other)] for one, other in ends]
            return self._any([self._t.phrase_query(self._schema, "words", [*phrase]) for phrase in phrases])
        patterns = [(position, re.escape(text)) for position, text in parts]
        if is_word(first):
            patterns[0] = (0, f".*{patterns[0][1]}")
        if is_word(last):
            patterns[-1] = (patterns[-1][0], f"{patterns[-1][1]}.*")
        return self._t.regex_phrase_query(self._schema, "words", [*patterns])
