"""Predicate: whether one record matches a query, judged by its document alone.

Engines find matches in an index, which may lack the latest changes. A record that changed since is judged again by
this: the same clauses, facts and keys, one record at a time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from itertools import chain
from typing import Any, Final, assert_never

import msgspec

from letrics.fields import Fact
from letrics.normalize.time import parse_time
from letrics.normalize.title_words import split_words, words_key
from letrics.query.clauses import AllOf, AnyOf, Between, Clause, Contains, Flag, NoneOf, Query, Term
from letrics.records import MALFORMED, Company, Contact, ContactBody, Kind

_Values = Callable[[Fact], Any]
"""Returns the value of a fact in the record that is judged; None for a fact of a company that is unknown."""
_Test = Callable[[_Values], bool]


class Predicate:
    """Judges documents by a query. The terms of the query are prepared once, so that 10,000 domains cost no more for
    each record than one."""

    def __init__(self, query: Query) -> None:
        self._kind: Final = query.kind
        self._tests: Final = [_test_of(clause) for clause in query.clauses]

    def matches(self, document: bytes) -> bool:
        """Whether the record with this document, as the API returns it, matches every clause.

        A document whose values have wrong types does not match: no index has it.
        """
        try:
            record = _decoder(self._kind).decode(document)
            values = _values_of(record)
            return all(test(values) for test in self._tests)
        except MALFORMED:
            return False


@cache
def _decoder(kind: Kind) -> msgspec.json.Decoder[Any]:
    return msgspec.json.Decoder(Company if kind == "companies" else Contact)


def _values_of(record: Company | Contact) -> _Values:
    contact: ContactBody | None = None
    company: Company | None
    if isinstance(record, Contact):
        contact, company = record, record.company
    else:
        company = record

    def value(fact: Fact) -> Any:
        if contact is not None and fact.later_of is not None:
            times = [moment for part in fact.later_of if (moment := _moment(value(part))) is not None]
            return max(times, default=None)
        holder = contact if fact.owner == "contact" else company
        return None if holder is None else fact.of(holder)

    return value


def _test_of(clause: Clause) -> _Test:
    fact = clause.fact
    match clause:
        case Flag(exclude=exclude):
            return lambda values: bool(values(fact)) != exclude
        case Between(low=low, high=high):
            return lambda values: _is_between(fact, values, low, high)
        case Contains(terms=terms, exclude=exclude):
            wanted = _keys(terms)
            words, parts = [key for key in wanted if key[0] == "\n"], [key for key in wanted if key[0] != "\n"]
            return lambda values: _is_contained(fact, _texts(values(fact)), words, parts) != exclude
        case AnyOf(terms=terms):
            any_key = frozenset(_keys(terms))
            return lambda values: not any_key.isdisjoint(_keys_in(fact, values))
        case NoneOf(terms=terms):
            no_key = frozenset(_keys(terms))
            return lambda values: no_key.isdisjoint(_keys_in(fact, values))
        case AllOf(terms=terms, exclude=exclude):
            every = [frozenset(term.keys) for term in terms]

            def has_every(values: _Values) -> bool:
                held = _keys_in(fact, values)
                return all(not keys.isdisjoint(held) for keys in every) != exclude

            return has_every
        case _:
            assert_never(clause)


def _keys(terms: Iterable[Term]) -> list[str]:
    return list(chain.from_iterable(term.keys for term in terms))


def _texts(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else list(value or ())


def _keys_in(fact: Fact, values: _Values) -> set[str]:
    return {fact.key(text) for text in _texts(values(fact))}


def _is_contained(fact: Fact, texts: list[str], words: list[str], parts: list[str]) -> bool:
    """Whether one of the texts has one of the keys: as whole words, or anywhere."""
    if parts and any(part in text for text in map(fact.key, texts) for part in parts):
        return True
    return bool(words) and any(word in words_key(split_words(text)) for text in texts for word in words)


def _is_between(fact: Fact, values: _Values, low: int | None, high: int | None) -> bool:
    least = most = _moment(values(fact))
    if least is None and fact.band is not None:
        least, most = (values(end) for end in fact.band)
    return (
        least is not None and most is not None and (low is None or most >= low) and (high is None or least <= high)
    )  # fmt: skip


def _moment(value: Any) -> int | None:
    """A number, or a time in milliseconds since 1970. A malformed time counts as none."""
    if not isinstance(value, str):
        return None if value is None else int(value)
    try:
        return parse_time(value)
    except ValueError:
        return None
