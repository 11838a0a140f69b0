"""Values of a query that no record of its kind carries, and near values to suggest for them."""

from __future__ import annotations

import string
from collections.abc import Iterator
from time import perf_counter
from typing import Final, assert_never

import numpy as np

from letrics.engines.base import Unmatched
from letrics.engines.bitmap.evaluate import parts_of_needle
from letrics.engines.bitmap.layer import covered
from letrics.engines.bitmap.state import State
from letrics.engines.bitmap.titles import WORD
from letrics.fields import Fact
from letrics.query.clauses import AnyOf, Between, Clause, Contains, Flag, NoneOf, Query, Term
from letrics.records import Kind

_SUGGESTED: Final = 10
"""For so many values near ones are looked for,"""
_SECONDS: Final = 0.02
"""as long as the request has spent less than this on them."""


def find_unmatched(state: State, query: Query) -> Iterator[Unmatched | None]:
    """Yields each unmatched value in the query's order, and None between clauses so that the driver can give way."""
    spent, suggested = 0.0, 0
    for clause in query.clauses:
        missing = _missing(state, query.kind, clause)
        yield None
        for term in missing:
            near: tuple[str, ...] = ()
            if suggested < _SUGGESTED and spent < _SECONDS:
                started = perf_counter()
                near = tuple(_near(state, query.kind, clause.fact, term))
                spent += perf_counter() - started
                suggested += 1
            yield Unmatched(clause.field, term.value, near)


def _missing(state: State, kind: Kind, clause: Clause) -> list[Term]:
    match clause:
        case AnyOf(_, fact, terms) | NoneOf(_, fact, terms):
            if fact.kind == "unique":
                return _missing_companies(state, kind, terms)
            find = state.vocabularies[fact.name].find
            ids = [find(term.keys) for term in terms]
            carried = _carried(state, kind, fact, np.unique(np.concatenate(ids)))
            return [term for term, own in zip(terms, ids, strict=True) if carried.isdisjoint(own.tolist())]
        case Contains(_, fact, terms):
            return [term for term in terms if not _is_contained(state, kind, fact, term.keys[0])]
        case Flag() | Between():
            return []
        case _:
            assert_never(clause)


def _carried(state: State, kind: Kind, fact: Fact, ids: np.ndarray[tuple[int], np.dtype[np.uint32]]) -> set[int]:
    """Those of the ids that any live record has."""
    carried: set[int] = set()
    for side, over in covered(state.layers, kind):
        postings = side.values[fact.name]
        here = postings.carried(ids).tolist()
        carried.update(
            id_
            for id_ in here
            if id_ not in carried and (over is None or postings.get(id_).difference_cardinality(over) > 0)
        )
    return carried


def _is_contained(state: State, kind: Kind, fact: Fact, key: str) -> bool:
    needle = state.titles[fact.name].resolve(key)
    return any(
        len(part) > 0 if over is None else part.difference_cardinality(over) > 0
        for side, over in covered(state.layers, kind)
        for part in parts_of_needle(side.texts[fact.name], needle)
    )


def _missing_companies(state: State, kind: Kind, terms: tuple[Term, ...]) -> list[Term]:
    places, nums = state.companies_with(terms)
    known: set[int] = set()
    for side, over in covered(state.layers, kind):
        if side.of_company is None:
            known.update(places.tolist())
            break
        here = set(side.of_company.carried(np.unique(nums)).tolist())
        if over is not None:
            here = {n for n in here if side.of_company.get(n).difference_cardinality(over) > 0}
        known.update(place for place, num in zip(places.tolist(), nums.tolist(), strict=True) if num in here)
    return [term for at, term in enumerate(terms) if at not in known]


def _near(state: State, kind: Kind, fact: Fact, term: Term) -> list[str]:
    if fact.kind == "text":
        return _near_texts(state, kind, fact, term)
    if fact.kind == "unique":
        return _near_domains(state, kind, term)

    def carried(id_: int) -> bool:
        return bool(_carried(state, kind, fact, np.array([id_], dtype=np.uint32)))

    return state.vocabularies[fact.name].near(term.value, carried)


def _near_texts(state: State, kind: Kind, fact: Fact, term: Term) -> list[str]:
    """The needle with its first unknown word replaced by words of texts that are near it."""
    index, needle = state.titles[fact.name], term.keys[0]
    for word in WORD.findall(needle):
        if not len(index.resolve(word).ids):
            near = index.book.words.near(word, lambda _: True, 5)
            tried = [needle.replace(word, other, 1) for other in near]
            return [text for text in tried if _is_contained(state, kind, fact, text)][:3]
    return []


def _near_domains(state: State, kind: Kind, term: Term) -> list[str]:
    """Domains one slip of the pen away, or with the same name under another suffix."""
    given = term.keys[0] if term.keys else term.value.lower().replace(" ", "")
    name, _, suffix = given.partition(".")
    if not name or len(given) > 60:
        return []
    tried = [f"{name}.{other}" for other in state.vocabularies["company.tlds"].keys[:2000]]
    if suffix:
        tried += [f"{slip}.{suffix}" for slip in _slips(name)]
        tried += [f"{name}.{slip}" for slip in _slips(suffix)]
    terms = tuple(Term(domain, (domain,)) for domain in dict.fromkeys(tried))
    missing = set(_missing_companies(state, kind, terms))
    return [t.value for t in terms if t not in missing][:3]


def _slips(word: str) -> Iterator[str]:
    """The word with one letter left out, doubled, exchanged with the next, replaced or put in."""
    for at in range(len(word) + 1):
        head, tail = word[:at], word[at:]
        if tail:
            yield head + tail[1:]
        if len(tail) > 1:
            yield head + tail[1] + tail[0] + tail[2:]
        for letter in string.ascii_lowercase + "-":
            yield head + letter + tail
            if tail:
                yield head + letter + tail[1:]
