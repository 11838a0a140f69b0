"""What queries see: an immutable view of the layers, swapped as one reference, and the binding of queries to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import assert_never

import numpy as np

from letrics.engines.bitmap.arrays import Nums
from letrics.engines.bitmap.columns import Columns, hashes
from letrics.engines.bitmap.evaluate import Bound, Companies, Flagged, Steps, Texts, Times, Values, evaluate
from letrics.engines.bitmap.layer import Layer, covered
from letrics.engines.bitmap.titles import TitleIndex
from letrics.engines.bitmap.vocabulary import Vocabulary
from letrics.query.clauses import AnyOf, Between, Clause, Contains, Flag, NoneOf, Query, Term
from letrics.store.base import Position


@dataclass(frozen=True, slots=True)
class State:
    """The layers as of `position`, and the vocabularies and title indexes their ids belong to."""

    position: Position
    layers: tuple[Layer, ...]
    vocabularies: dict[str, Vocabulary]
    titles: dict[str, TitleIndex]

    def bind(self, query: Query) -> tuple[list[Bound], list[Bound]]:
        """The query's clauses with their values turned into ids: those wanted, and those not."""
        wanted: list[Bound] = []
        unwanted: list[Bound] = []
        for clause in query.clauses:
            excluded = isinstance(clause, NoneOf) or (isinstance(clause, Contains) and clause.exclude)
            (unwanted if excluded else wanted).append(self._bind(clause))
        return wanted, unwanted

    def _bind(self, clause: Clause) -> Bound:
        match clause:
            case AnyOf(_, fact, terms) | NoneOf(_, fact, terms):
                if fact.kind == "unique":
                    return Companies(np.unique(self.companies_with(terms)[1]))
                keys = (key for term in terms for key in term.keys)
                return Values(fact.name, self.vocabularies[fact.name].find(keys))
            case Contains(_, fact, terms):
                index = self.titles[fact.name]
                return Texts(fact.name, tuple(index.resolve(key) for term in terms for key in term.keys))
            case Flag(_, fact):
                return Flagged(fact.name)
            case Between(_, fact, low, high):
                return Times(fact.name, low, high)
            case _:
                assert_never(clause)

    def companies_with(self, terms: tuple[Term, ...]) -> tuple[Nums, Nums]:
        """The companies that are these domains: places in `terms`, and the num that stands for each."""
        places = np.array([at for at, term in enumerate(terms) for _ in term.keys], dtype=np.uint32)
        asked = hashes([key for term in terms for key in term.keys])
        found_places: list[Nums] = [np.zeros(0, np.uint32)]
        found_nums: list[Nums] = [np.zeros(0, np.uint32)]
        for side, over in covered(self.layers, "companies"):
            assert side.hashes is not None
            table, nums = side.hashes
            if not len(table):
                continue
            at = np.minimum(np.searchsorted(table, asked), len(table) - 1)
            hit = table[at] == asked
            if over is not None:
                hit &= np.fromiter((num not in over for num in nums[at].tolist()), np.bool_, len(at))
            found_places.append(places[hit])
            found_nums.append(nums[at[hit]])
        return np.concatenate(found_places), np.concatenate(found_nums)

    def hits(self, query: Query) -> Steps:
        """The nums of all records that the query hits, in steps; not to be changed."""
        wanted, unwanted = self.bind(query)
        yield
        result = None
        for layer in self.layers:
            side = layer.side(query.kind)
            found = yield from evaluate(side, wanted, unwanted)
            result = found if result is None else (result - side.covers) | found
        assert result is not None
        return result


def make_state(position: Position, layers: tuple[Layer, ...], columns: Columns, titles: dict[str, TitleIndex]) -> State:
    vocabularies = {**columns.companies.vocabularies, **columns.contacts.vocabularies}
    return State(position, layers, vocabularies, titles)


def fact_titles(columns: Columns, before: dict[str, TitleIndex]) -> dict[str, TitleIndex]:
    """Title indexes of all the columns hold now, reusing what of `before` still holds."""
    books = {**columns.companies.books, **columns.contacts.books}
    return {name: TitleIndex(book, before.get(name)) for name, book in books.items()}
