"""Whether a record matches a clause: the definition of each clause, one record at a time."""

from __future__ import annotations

from typing import assert_never

from letrics.fields import Fact
from letrics.normalize.time import parse_time
from letrics.normalize.title_words import split_words, words_key
from letrics.query import AllOf, AnyOf, Between, Clause, Contains, Flag, NoneOf, Term
from letrics.records import Company, ContactBody


def value_of(fact: Fact, company: Company | None, contact: ContactBody | None) -> object:
    """The value of a fact in a company, or in a contact of that company. None for a fact of a company that is
    unknown."""
    if contact is None:
        return fact.of(company)
    if company is None:
        own = fact.later_of[0] if fact.later_of is not None else fact
        return own.of(contact) if own.owner == "contact" else None
    if fact.later_of is not None:
        return max(fact.later_of[0].of(contact), fact.later_of[1].of(company))
    return fact.of(contact if fact.owner == "contact" else company)


def keys_of(fact: Fact, value: object) -> dict[str, str]:
    """The keys of a fact's value, each with the first text that has it."""
    texts = [value] if isinstance(value, str) else list(value) if isinstance(value, list | tuple) else []
    keys: dict[str, str] = {}
    for text in texts:
        keys.setdefault(fact.key(text), text)
    return keys


def matches(clause: Clause, company: Company | None, contact: ContactBody | None) -> bool:
    """Whether a company, or a contact of that company, matches a clause."""
    value = value_of(clause.fact, company, contact)
    match clause:
        case Flag(exclude=exclude):
            return exclude != bool(value)
        case Between(low=low, high=high) if value is None and clause.fact.band is not None:
            least, most = (value_of(end, company, contact) for end in clause.fact.band)
            if not isinstance(least, int) or not isinstance(most, int):
                return False
            return (low is None or most >= low) and (high is None or least <= high)
        case Between(low=low, high=high):
            moment = parse_time(value) if isinstance(value, str) else value
            return isinstance(moment, int) and (low is None or moment >= low) and (high is None or moment <= high)
        case Contains(terms=terms, exclude=exclude):
            texts = keys_of(clause.fact, value)
            return exclude != any(_contains(term, texts) for term in terms)
        case AnyOf(terms=terms):
            keys = keys_of(clause.fact, value)
            return any(_has(term, keys) for term in terms)
        case NoneOf(terms=terms):
            keys = keys_of(clause.fact, value)
            return not any(_has(term, keys) for term in terms)
        case AllOf(terms=terms, exclude=exclude):
            keys = keys_of(clause.fact, value)
            return exclude != all(_has(term, keys) for term in terms)
        case _:
            assert_never(clause)


def is_matched(clause: AnyOf | NoneOf | AllOf | Contains, term: Term, keys: dict[str, str]) -> bool:
    """Whether one term of a clause matches a record with these keys."""
    return _contains(term, keys) if isinstance(clause, Contains) else _has(term, keys)


def _has(term: Term, keys: dict[str, str]) -> bool:
    return any(key in keys for key in term.keys)


def _contains(term: Term, texts: dict[str, str]) -> bool:
    if any(key.startswith("\n") for key in term.keys):
        texts = {words_key(split_words(text)): text for text in texts}
    return any(key in text for key in term.keys for text in texts)
