"""Values of a query that no record of its kind carries, and near values to suggest for them."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from time import thread_time
from typing import Final, assert_never

import numpy as np
from pyroaring import BitMap

from letrics.engines.base import Unmatched
from letrics.engines.bitmap.arrays import Nums, distinct, members
from letrics.engines.bitmap.bounds import Texts
from letrics.engines.bitmap.employers import companies_of
from letrics.engines.bitmap.evaluate import parts_of_needle
from letrics.engines.bitmap.keys import hashes_of
from letrics.engines.bitmap.layer import TextPart, covered
from letrics.engines.bitmap.slips import slips_of_domain
from letrics.engines.bitmap.state import State, of_company
from letrics.engines.bitmap.titles import Needle
from letrics.engines.bitmap.tokens import tokens
from letrics.fields import DOMAIN, Fact
from letrics.query.clauses import AllOf, AnyOf, Between, Clause, Contains, Flag, NoneOf, Query, Term
from letrics.records import Kind

_SUGGESTED: Final = 10
"""For so many values near ones are looked for,"""
_SECONDS: Final = 0.006
"""as long as the request has spent less than this on them: of this thread's own, however busy the machine is."""
_SLICE: Final = 4_096
"""So many companies are asked for contacts at a time."""


def find_unmatched(state: State, query: Query) -> Iterator[Unmatched | None]:
    """Yields each unmatched value in the query's order, and None between clauses so that the driver can give way."""
    spent, suggested = 0.0, 0
    for clause in query.clauses:
        missing = yield from _missing(state, query.kind, clause)
        yield None
        for term in missing:
            near: tuple[str, ...] = ()
            if suggested < _SUGGESTED and spent < _SECONDS:
                started = thread_time()
                near = tuple(_near(state, query.kind, clause.fact, term))
                spent += thread_time() - started
                suggested += 1
            yield Unmatched(clause.field, term.value, near)


def _missing(state: State, kind: Kind, clause: Clause) -> Generator[None, None, list[Term]]:
    match clause:
        case AnyOf(_, fact, terms) | NoneOf(_, fact, terms) | AllOf(_, fact, terms):
            if fact.kind == "keys":
                return missing_keys(state, kind, fact, terms)
            find = state.vocabularies[fact.name].find
            ids = [find(term.keys) for term in terms]
            carried = _carried(state, kind, fact, np.unique(np.concatenate(ids)))
            return [term for term, own in zip(terms, ids, strict=True) if carried.isdisjoint(own.tolist())]
        case Contains(_, fact, terms):
            absent = []
            for term in terms:
                if not _is_contained(state, kind, fact, term.keys[0]):
                    absent.append(term)
                yield
            return absent
        case Flag() | Between():
            return []
        case _:
            assert_never(clause)


def _carried(state: State, kind: Kind, fact: Fact, ids: Nums) -> set[int]:
    """Those of the ids that any live record has."""
    carried: set[int] = set()
    for side, over in covered(state.layers, kind):
        postings = side.values[fact.name]
        over = over or BitMap()
        for id_, count in zip(ids.tolist(), postings.count_each(ids).tolist(), strict=True):
            if count > len(over) or (
                count and id_ not in carried and postings.get(id_).difference_cardinality(over) > 0
            ):
                carried.add(id_)
    return carried


def _is_contained(state: State, kind: Kind, fact: Fact, key: str) -> bool:
    needle = state.titles[fact.name].resolve(key)
    if of_company(kind, fact):
        companies = state.companies_saying(Texts(fact.name, (needle,)))
        slices = (companies[at : at + _SLICE] for at in range(0, len(companies), _SLICE))
        return any(len(_employers(state, part)) for part in slices)
    return any(_is_in(side.texts[fact.name], over, needle) for side, over in covered(state.layers, kind))


def _is_in(part: TextPart, over: BitMap | None, needle: Needle) -> bool:
    """Whether a record that no later layer overrules has the needle."""
    postings = part.words if needle.by_word else part.texts
    counts = postings.count_each(needle.ids)
    if not counts.any():
        return False
    if over is None or int(counts.max()) > len(over):
        return True
    return any(found.difference_cardinality(over) > 0 for found in parts_of_needle(part, needle))


def missing_keys(state: State, kind: Kind, fact: Fact, terms: tuple[Term, ...]) -> list[Term]:
    """Those of the terms whose key no record has."""
    places, nums = state.having(fact, terms)
    known = set(places.tolist())
    if of_company(kind, fact):
        employers = _employers(state, np.unique(nums))
        known = set(places[np.isin(nums, employers)].tolist())
    return [term for at, term in enumerate(terms) if at not in known]


def _employers(state: State, companies: Nums) -> Nums:
    """Those of the companies that have contacts."""
    found = [np.zeros(0, np.uint32)]
    for side, over in covered(state.layers, "contacts"):
        assert side.of_company is not None
        if over is None:
            found.append(side.of_company.carried(companies))
        else:
            contacts = members(side.of_company.union(companies) - over)
            found.append(companies_of(side, contacts).astype(np.uint32))
    return distinct(np.concatenate(found))


def _near(state: State, kind: Kind, fact: Fact, term: Term) -> list[str]:
    if fact.kind == "text":
        return _near_texts(state, kind, fact, term)
    if fact.kind == "keys":
        if fact is not DOMAIN:
            return []
        return _near_domains(state, kind, fact, term)

    def carried(id_: int) -> bool:
        return bool(_carried(state, kind, fact, np.array([id_], dtype=np.uint32)))

    return state.vocabularies[fact.name].near(term.value, carried)


def _near_domains(state: State, kind: Kind, fact: Fact, term: Term) -> list[str]:
    tried = slips_of_domain(term, state.vocabularies["company.tlds"].keys)
    places, nums = state.having_hashes(fact, hashes_of(tried))
    if of_company(kind, fact):
        employers = _employers(state, np.unique(nums))
        places = places[np.isin(nums, employers)]
    return [tried[at].decode() for at in sorted(places.tolist())[:3]]


def _near_texts(state: State, kind: Kind, fact: Fact, term: Term) -> list[str]:
    """The needle with its first unknown word replaced by words of texts that are near it."""
    index, needle = state.titles[fact.name], term.keys[0]
    for word, _ in tokens(needle):
        if not len(index.resolve(word).ids):
            near = index.near(word, 5)
            tried = [needle.replace(word, other, 1) for other in near]
            return [text for text in tried if _is_contained(state, kind, fact, text)][:3]
    return []
