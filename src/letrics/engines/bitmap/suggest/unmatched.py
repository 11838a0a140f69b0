"""Unmatched values: values of a query that no record of its kind has, and similar values to suggest."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from time import thread_time
from typing import Final, assert_never

import numpy as np
from pyroaring import BitMap

from letrics.engines.base import Unmatched
from letrics.engines.bitmap.kernel.arrays import Nums, sorted_unique, to_array
from letrics.engines.bitmap.kernel.roaring import bitmap_of_sorted
from letrics.engines.bitmap.query.binder import is_company_fact
from letrics.engines.bitmap.query.executor import text_bitmaps
from letrics.engines.bitmap.query.join import companies_of_contacts
from letrics.engines.bitmap.query.nodes import TextNode
from letrics.engines.bitmap.searcher import Searcher
from letrics.engines.bitmap.segment.hash_index import hash_bytes
from letrics.engines.bitmap.segment.segment import Segment, newest_first
from letrics.engines.bitmap.text.text_index import ResolvedText
from letrics.engines.bitmap.text.tokenizer import tokenize
from letrics.engines.common.edits import domain_edits, given_domain
from letrics.fields import DOMAIN, Fact
from letrics.normalize.title_words import word_keys
from letrics.query.clauses import AllOf, AnyOf, Between, Clause, Contains, Flag, NoneOf, Query, Term
from letrics.records import Kind

_MAX_SUGGESTED_VALUES: Final = 10
"""Maximum unmatched values of a request that get suggestions."""
SUGGESTION_MS: Final = 6.0
"""Default processor time of a request after which no more suggestions are looked for, in milliseconds. Processor time,
so that a busy machine gives the same result."""


def find_unmatched(
    searcher: Searcher, query: Query, suggestion_ms: float = SUGGESTION_MS
) -> Iterator[Unmatched | None]:
    """Yields each unmatched value in the order of the query, and None between steps so that the driver can pause."""
    spent, suggested = 0.0, 0
    for clause in query.clauses:
        missing = yield from _missing(searcher, query.kind, clause)
        yield None
        with_suggestions = missing[: _MAX_SUGGESTED_VALUES - suggested]
        suggested += len(with_suggestions)
        near = [searcher.existing.near(query.kind, clause.fact, term) for term in with_suggestions]
        not_cached = [at for at, found in enumerate(near) if found is None]
        known_forms = _known_forms(searcher, clause, [with_suggestions[at] for at in not_cached])
        for at, known in zip(not_cached, known_forms, strict=True):
            if spent * 1000 < suggestion_ms:
                started = thread_time()
                found = near[at] = tuple(_suggest(searcher, query.kind, clause.fact, with_suggestions[at], known))
                spent += thread_time() - started
                searcher.existing.keep_near(query.kind, clause.fact, with_suggestions[at], found)
                yield None
        for at, term in enumerate(missing):
            yield Unmatched(clause.field, term.value, (near[at] or ()) if at < len(near) else ())


def _known_forms(searcher: Searcher, clause: Clause, missing: list[Term]) -> list[list[bool]]:
    """For clauses of domains, which forms of the missing ones any domain may have."""
    forms = searcher.forms.get(clause.fact.name)
    return [[] for _ in missing] if forms is None else forms.known(list(map(given_domain, missing)))


def _missing(searcher: Searcher, kind: Kind, clause: Clause) -> Generator[None, None, list[Term]]:
    """The terms of a clause that no live record has, in steps."""
    match clause:
        case AnyOf(_, fact, terms) | NoneOf(_, fact, terms) | AllOf(_, fact, terms):
            if fact.kind == "keys":
                return missing_keys(searcher, kind, fact, terms)
            return _missing_values(searcher, kind, fact, terms)
        case Contains(_, fact, terms):
            absent = []
            known = searcher.existing.texts(kind, fact)
            for term in terms:
                for key in term.keys:
                    if key not in known:
                        known[key] = _is_contained(searcher, kind, fact, key)
                        yield
                    if known[key]:
                        break
                else:
                    absent.append(term)
            return absent
        case Flag() | Between():
            return []
        case _:
            assert_never(clause)


def _missing_values(searcher: Searcher, kind: Kind, fact: Fact, terms: tuple[Term, ...]) -> list[Term]:
    """Those of the terms whose value no live record has."""
    known, find = searcher.existing.ids(kind, fact), searcher.dictionaries[fact.name].find_one
    ids_of_terms = [[id_ for key in term.keys if (id_ := find(key)) is not None] for term in terms]
    not_cached = {id_ for ids in ids_of_terms for id_ in ids} - known.keys()
    if not_cached:
        found = _existing_ids(searcher, kind, fact, np.array(sorted(not_cached), dtype=np.uint32))
        known.update((id_, id_ in found) for id_ in not_cached)
    return [term for term, ids in zip(terms, ids_of_terms, strict=True) if not any(known[id_] for id_ in ids)]


def _existing_ids(searcher: Searcher, kind: Kind, fact: Fact, ids: Nums) -> set[int]:
    """Those of the ids that any live record has."""
    existing: set[int] = set()
    for segment, superseded in newest_first(searcher.segments, kind):
        postings = segment.values[fact.name]
        superseded = superseded or BitMap()
        for id_, count in zip(ids.tolist(), postings.count_each(ids).tolist(), strict=True):
            if count > len(superseded) or (
                count and id_ not in existing and postings.get(id_).difference_cardinality(superseded) > 0
            ):
                existing.add(id_)
    return existing


def _is_contained(searcher: Searcher, kind: Kind, fact: Fact, key: str) -> bool:
    """Whether the text of any live record contains the key."""
    resolved = searcher.text_indexes[fact.name].resolve(key)
    if is_company_fact(kind, fact):
        companies = searcher.companies_matching(TextNode(fact.name, (resolved,)))
        step = searcher.costs.texts_per_step
        slices = (companies[at : at + step] for at in range(0, len(companies), step))
        return any(len(_companies_with_contacts(searcher, part)) for part in slices)
    return any(
        _segment_contains(segment, fact, superseded, resolved)
        for segment, superseded in newest_first(searcher.segments, kind)
    )


def _segment_contains(segment: Segment, fact: Fact, superseded: BitMap | None, resolved: ResolvedText) -> bool:
    """Whether a record that no later segment supersedes contains the text."""
    text = segment.texts[fact.name]
    postings = text.words if resolved.by_word else text.texts
    counts = postings.count_each(resolved.ids)
    if not counts.any():
        return False
    if superseded is None or int(counts.max()) > len(superseded):
        return True
    return any(found.difference_cardinality(superseded) > 0 for found in text_bitmaps(segment, fact.name, resolved))


def missing_keys(searcher: Searcher, kind: Kind, fact: Fact, terms: tuple[Term, ...]) -> list[Term]:
    """Those of the terms whose key no live record has."""
    positions, nums = searcher.find_keys(fact, terms)
    known = set(positions.tolist())
    if is_company_fact(kind, fact):
        employers = bitmap_of_sorted(_companies_with_contacts(searcher, nums))
        known = {position for position, num in zip(positions.tolist(), nums.tolist(), strict=True) if num in employers}
    return [term for at, term in enumerate(terms) if at not in known]


def _companies_with_contacts(searcher: Searcher, companies: Nums) -> Nums:
    """Those of the companies that have contacts."""
    companies, found = sorted_unique(companies), []
    for segment, superseded in newest_first(searcher.segments, "contacts"):
        assert segment.contacts_of_company is not None
        if superseded is None:
            found.append(segment.contacts_of_company.existing(companies))
        else:
            contacts = to_array(segment.contacts_of_company.union(companies) - superseded)
            found.append(companies_of_contacts(segment, contacts).astype(np.uint32))
    return found[0] if len(found) == 1 else sorted_unique(np.concatenate(found))


def _suggest(searcher: Searcher, kind: Kind, fact: Fact, term: Term, known_forms: list[bool]) -> list[str]:
    """Similar values for a missing term, by the kind of its fact."""
    if fact.kind == "text":
        return _suggest_texts(searcher, kind, fact, term)
    if fact.kind == "keys":
        if fact is not DOMAIN:
            return []
        return _suggest_domains(searcher, kind, fact, term, known_forms)

    def existing(id_: int) -> bool:
        return bool(_existing_ids(searcher, kind, fact, np.array([id_], dtype=np.uint32)))

    return searcher.dictionaries[fact.name].near(term.value, existing)


def _suggest_domains(searcher: Searcher, kind: Kind, fact: Fact, term: Term, known_forms: list[bool]) -> list[str]:
    """The first three existing domains among the edits of a missing one."""
    candidates = domain_edits(term, searcher.dictionaries["company.tlds"].keys, known_forms)
    if not candidates:
        return []
    positions, nums = searcher.find_hashes(fact, hash_bytes(candidates))
    existing = positions.tolist()
    if existing and is_company_fact(kind, fact):
        employers = set(_companies_with_contacts(searcher, nums).tolist())
        existing = [at for at, num in zip(existing, nums.tolist(), strict=True) if num in employers]
    found = dict.fromkeys(candidates[at] for at in sorted(existing))
    return [text.decode() for text in list(found)[:3]]


def _suggest_texts(searcher: Searcher, kind: Kind, fact: Fact, term: Term) -> list[str]:
    """The text with its first unknown word replaced by similar words, as far as any record contains it."""
    if not term.keys:
        return []
    text = term.keys[0]
    whole_words = text.startswith("\n")
    words = text.split() if whole_words else [word for word, _ in tokenize(text)]
    text = " ".join(words) if whole_words else text

    def is_contained(candidate: str) -> bool:
        keys = word_keys(candidate) if whole_words else (candidate,)
        return any(_is_contained(searcher, kind, fact, key) for key in keys)

    index = searcher.text_indexes[fact.name]
    for word in words:
        if not any(len(index.resolve(key).ids) for key in (word_keys(word) if whole_words else (word,))):
            candidates = [text.replace(word, similar, 1) for similar in index.near(word, 5)]
            return list(filter(is_contained, candidates))[:3]
    return []
