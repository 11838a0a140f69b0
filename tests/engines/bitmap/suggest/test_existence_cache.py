"""Caches of lookups: what is remembered, and when it is dropped."""

from __future__ import annotations

from letrics.engines.bitmap.suggest.existence_cache import ExistenceCache, RecentLookups
from letrics.fields import DOMAIN, INDUSTRIES
from letrics.query.clauses import Term


def _terms(text: str) -> tuple[Term, ...]:
    return (Term(text, (text,)),)


def test_recent_lookups_list_is_found_by_value_and_fact() -> None:
    lookups, terms = RecentLookups[int](), _terms("a.de")
    lookups.keep(DOMAIN, terms, 7)
    assert lookups.of(DOMAIN, terms) == 7
    assert lookups.of(DOMAIN, _terms("a.de")) == 7
    assert lookups.of(DOMAIN, _terms("b.de")) is None and lookups.of(INDUSTRIES, terms) is None


def test_recent_lookups_full_drops_the_oldest() -> None:
    lookups, lists = RecentLookups[int](), [_terms(str(number)) for number in range(6)]
    for number, terms in enumerate(lists):
        lookups.keep(DOMAIN, terms, number)
    assert [lookups.of(DOMAIN, terms) for terms in lists] == [None, None, 2, 3, 4, 5]


def test_existence_cache_texts_are_by_kind_and_fact_and_limited() -> None:
    cache = ExistenceCache(2)
    cache.texts("contacts", INDUSTRIES)["a"] = True
    assert cache.texts("contacts", INDUSTRIES) == {"a": True} and cache.texts("companies", INDUSTRIES) == {}
    cache.texts("contacts", INDUSTRIES)["b"] = False
    assert cache.texts("contacts", INDUSTRIES) == {}


def test_existence_cache_suggestions_are_limited() -> None:
    cache, terms = ExistenceCache(2), [Term(text, (text,)) for text in "abc"]
    for term in terms[:2]:
        cache.keep_near("contacts", INDUSTRIES, term, (term.value,))
    assert [cache.near("contacts", INDUSTRIES, term) for term in terms] == [("a",), ("b",), None]
    assert cache.near("companies", INDUSTRIES, terms[0]) is None
    cache.keep_near("contacts", INDUSTRIES, terms[2], ())
    assert [cache.near("contacts", INDUSTRIES, term) for term in terms] == [None, None, ()]


def test_existence_cache_ids_are_kept_per_kind_and_fact() -> None:
    cache = ExistenceCache(1)
    cache.ids("contacts", INDUSTRIES).update({1: True, 2: False})
    assert cache.ids("contacts", INDUSTRIES) == {1: True, 2: False} and cache.ids("contacts", DOMAIN) == {}
