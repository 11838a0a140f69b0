"""The indexes that Tantivy searches: their fields, and the documents they are loaded with."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow.parquet as pq

from benchmarks.peers.extract import COMPANY, CONTACT, column
from benchmarks.peers.titles import TOKEN
from letrics.fields import COMPANY_UPDATED, FACTS, Fact

if TYPE_CHECKING:
    import tantivy

FLAGS = {fact.name: 1_000_000_000 + at for at, fact in enumerate(FACTS) if fact.kind == "flag"}
"""Keys of flags, in addition to those of the vocabulary."""
TITLE = "t"
"""The prefix of a title's id as a key."""
PIECE = 3
"""The length of the longest n-grams of titles that are terms."""
_SETS = [column(fact) for fact in COMPANY if fact.kind == "values"]
_ONES = [column(fact) for fact in CONTACT if fact.kind == "values"]
_RANGES = [fact for fact in COMPANY if fact.kind in ("number", "time") and fact is not COMPANY_UPDATED]
"""Without the time a company changed: the contact's own time includes it."""
_HEAP = 2_000_000_000


def _flags(facts: list[Fact]) -> dict[str, int]:
    return {column(fact): FLAGS[fact.name] for fact in facts if fact.kind == "flag"}


def open_index(path: Path) -> tantivy.Index:
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
    pieces = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.ngram(1, PIECE)).build()
    index.register_tokenizer("pieces", pieces)
    index.register_tokenizer("tokens", tokenizer(spaces=False))
    return index


def tokenizer(spaces: bool) -> tantivy.TextAnalyzer:
    """The tokens of a title, with those that are spaces or without."""
    import tantivy

    made = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.regex(TOKEN))
    return (made if spaces else made.filter(tantivy.Filter.custom_stopword([" "]))).build()


def _rows(path: Path, columns: list[str]) -> Iterator[tuple[Any, ...]]:
    with pq.ParquetFile(path) as file:
        for batch in file.iter_batches(50_000, columns=columns):
            yield from zip(*(batch[name].to_pylist() for name in columns), strict=True)


class Loader:
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
            index = open_index(self._directory / kind)
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
                document.add_text("keys", f"{TITLE}{title}")
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
