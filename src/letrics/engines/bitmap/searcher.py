"""What queries see: an immutable view of the layers, swapped as one reference, and the binding of queries to it."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass, field
from typing import Final, assert_never

import numpy as np
from pyroaring import BitMap

from letrics.engines.bitmap.columns.table import ColumnStore
from letrics.engines.bitmap.columns.term_dictionary import TermDictionary
from letrics.engines.bitmap.kernel.arrays import Hashes, Ints, Nums, sorted_unique, to_array
from letrics.engines.bitmap.kernel.parallel import map_threads
from letrics.engines.bitmap.kernel.roaring import union
from letrics.engines.bitmap.query.executor import BitmapSteps, execute, node_bitmaps
from letrics.engines.bitmap.query.nodes import (
    AllNode,
    FlagNode,
    HashNode,
    JoinNode,
    QueryNode,
    RangeNode,
    TermsNode,
    TextNode,
)
from letrics.engines.bitmap.segment.hash_index import hash_texts
from letrics.engines.bitmap.segment.segment import SegmentPair, newest_first
from letrics.engines.bitmap.suggest.deletion_filter import DeletionFilter
from letrics.engines.bitmap.suggest.existence_cache import ExistenceCache, RecentLookups
from letrics.engines.bitmap.text.text_index import TextIndex
from letrics.fields import Fact, Owner
from letrics.query.clauses import AllOf, AnyOf, Between, Clause, Contains, Flag, NoneOf, Query, Term
from letrics.records import Kind
from letrics.store.base import Position

_MIN_PARALLEL_TEXTS: Final = 100_000
"""The index of so many texts is made beside another one."""
_KIND_OF: Final[dict[Owner, Kind]] = {"company": "companies", "contact": "contacts"}


def is_company_fact(kind: Kind, fact: Fact) -> bool:
    """Whether contacts are searched by a fact that is their company's."""
    return kind == "contacts" and fact.owner == "company"


@dataclass(frozen=True, slots=True)
class Searcher:
    """The layers as of `position`, and the vocabularies and title indexes their ids belong to. `forms` tells which keys
    of a fact may have one near them. `recent` and `carried` are what was found out about them."""

    position: Position
    segments: tuple[SegmentPair, ...]
    dictionaries: dict[str, TermDictionary]
    text_indexes: dict[str, TextIndex]
    forms: dict[str, DeletionFilter]
    recent: RecentLookups[tuple[Ints, Nums]] = field(default_factory=RecentLookups)
    existing: ExistenceCache = field(default_factory=ExistenceCache)

    def bind(self, query: Query) -> Generator[None, None, tuple[list[QueryNode], list[QueryNode]]]:
        """The query's clauses with their values turned into ids, in steps: those wanted, and those not."""
        must: list[QueryNode] = []
        must_not: list[QueryNode] = []
        for clause in query.clauses:
            excluded = isinstance(clause, NoneOf) or (isinstance(clause, Contains | AllOf) and clause.exclude)
            bound = yield from self._bind(query.kind, clause)
            (must_not if excluded else must).append(bound)
            yield
        return must, must_not

    def _bind(self, kind: Kind, clause: Clause) -> Generator[None, None, QueryNode]:
        match clause:
            case AnyOf(_, fact, terms) | NoneOf(_, fact, terms):
                return self._bind_terms(kind, fact, terms)
            case AllOf(_, fact, terms):
                return AllNode(tuple(self._bind_terms(kind, fact, (term,)) for term in terms))
            case Contains(_, fact, terms):
                index = self.text_indexes[fact.name]
                needles = []
                for key in (key for term in terms for key in term.keys):
                    needles.append(index.resolve(key))
                    yield
                texts = TextNode(fact.name, tuple(needles))
                return JoinNode(self.companies_matching(texts)) if is_company_fact(kind, fact) else texts
            case Flag(_, fact):
                return FlagNode(fact.name)
            case Between(_, fact, low, high):
                return RangeNode(fact.name, low, high)
            case _:
                assert_never(clause)

    def _bind_terms(self, kind: Kind, fact: Fact, terms: tuple[Term, ...]) -> QueryNode:
        if fact.kind != "keys":
            return TermsNode(fact.name, self.dictionaries[fact.name].find(key for term in terms for key in term.keys))
        if is_company_fact(kind, fact):
            return JoinNode(sorted_unique(self.find_keys(fact, terms)[1]))
        return HashNode(fact.name, hash_texts([key for term in terms for key in term.keys]))

    def find_keys(self, fact: Fact, terms: tuple[Term, ...]) -> tuple[Ints, Nums]:
        """The records of the fact's own kind that have a term's key: places in `terms`, and the num for each."""
        found = self.recent.of(fact, terms)
        if found is None:
            places = np.array([at for at, term in enumerate(terms) for _ in term.keys], dtype=np.int64)
            at, nums = self.find_hashes(fact, hash_texts([key for term in terms for key in term.keys]))
            found = places[at], nums
            self.recent.keep(fact, terms, found)
        return found

    def find_hashes(self, fact: Fact, asked: Hashes) -> tuple[Ints, Nums]:
        """The same for hashes of keys: places in `asked`, and the num for each."""
        found: list[tuple[Ints, Nums]] = []
        for segment, superseded in newest_first(self.segments, _KIND_OF[fact.owner]):
            at, nums = segment.keys[fact.name].find(asked)
            if superseded is not None:
                kept = np.fromiter((num not in superseded for num in nums.tolist()), np.bool_, len(nums))
                at, nums = at[kept], nums[kept]
            found.append((at, nums))
        if len(found) == 1:
            return found[0]
        return np.concatenate([at for at, _ in found]), np.concatenate([nums for _, nums in found])

    def companies_matching(self, texts: TextNode) -> Nums:
        """The companies whose text has any of the needles."""
        found = BitMap()
        for segment, superseded in newest_first(self.segments, "companies"):
            part = union(node_bitmaps(segment, texts))
            found |= part if superseded is None else part - superseded
        return to_array(found)

    def matches(self, query: Query) -> BitmapSteps:
        """The nums of all records that the query hits, in steps; not to be changed."""
        must, must_not = yield from self.bind(query)
        result = None
        for pair in self.segments:
            segment = pair.of_kind(query.kind)
            # Every company is in the base; an overlay has contacts whose companies are not in it.
            companies = pair.companies if pair is self.segments[0] and query.kind == "contacts" else None
            found = yield from execute(segment, must, must_not, companies)
            result = found if result is None else (result - segment.covers) | found
        assert result is not None
        return result


def make_searcher(
    position: Position, segments: tuple[SegmentPair, ...], columns: ColumnStore, text_indexes: dict[str, TextIndex]
) -> Searcher:
    dictionaries = {**columns.companies.dictionaries, **columns.contacts.dictionaries}
    for dictionary in dictionaries.values():
        dictionary.sign()
    return Searcher(position, segments, dictionaries, text_indexes, columns.companies.forms)


def make_text_indexes(columns: ColumnStore, before: dict[str, TextIndex]) -> dict[str, TextIndex]:
    """Title indexes of all the columns hold now, reusing what of `before` still holds."""
    forward_indexes = {**columns.companies.forward_indexes, **columns.contacts.forward_indexes}
    names = sorted(forward_indexes, key=lambda name: -len(forward_indexes[name]))
    if before or len(forward_indexes[names[0]]) < _MIN_PARALLEL_TEXTS:
        return {name: TextIndex(forward_index, before.get(name)) for name, forward_index in forward_indexes.items()}
    return dict(zip(names, map_threads(lambda name: TextIndex(forward_indexes[name]), names), strict=True))
