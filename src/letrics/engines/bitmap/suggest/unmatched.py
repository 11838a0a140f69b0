"""Values of a query that no record of its kind carries, and near values to suggest for them."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from time import thread_time
from typing import Final, assert_never

import numpy as np
from pyroaring import BitMap

from letrics.engines.base import Unmatched
from letrics.engines.bitmap.kernel.arrays import Nums, sorted_unique, to_array
from letrics.engines.bitmap.kernel.roaring import bitmap_of_sorted
from letrics.engines.bitmap.query.executor import text_bitmaps
from letrics.engines.bitmap.query.join import companies_of_contacts
from letrics.engines.bitmap.query.nodes import TextNode
from letrics.engines.bitmap.searcher import Searcher, is_company_fact
from letrics.engines.bitmap.segment.hash_index import hash_bytes
from letrics.engines.bitmap.segment.segment import TextPostings, newest_first
from letrics.engines.bitmap.suggest.edits import domain_edits, given_domain
from letrics.engines.bitmap.text.text_index import ResolvedText
from letrics.engines.bitmap.text.tokenizer import tokenize
from letrics.fields import DOMAIN, Fact
from letrics.query.clauses import AllOf, AnyOf, Between, Clause, Contains, Flag, NoneOf, Query, Term
from letrics.records import Kind

_MAX_SUGGESTED_VALUES: Final = 10
"""For so many values near ones are looked for,"""
_MAX_SECONDS: Final = 0.006
"""as long as the request has spent less than this on them: of this thread's own, however busy the machine is."""
_COMPANIES_PER_STEP: Final = 4_096
"""So many companies are asked for contacts at a time."""


def find_unmatched(searcher: Searcher, query: Query) -> Iterator[Unmatched | None]:
    """Yields each unmatched value in the query's order, and None between clauses so that the driver can give way."""
    spent, suggested = 0.0, 0
    for clause in query.clauses:
        missing = yield from _missing(searcher, query.kind, clause)
        yield None
        asked = missing[: _MAX_SUGGESTED_VALUES - suggested]
        suggested += len(asked)
        near = [searcher.existing.near(query.kind, clause.fact, term) for term in asked]
        unknown = [at for at, found in enumerate(near) if found is None]
        forms = _known_hashes(searcher, clause, [asked[at] for at in unknown])
        for at, known in zip(unknown, forms, strict=True):
            if spent < _MAX_SECONDS:
                started = thread_time()
                found = near[at] = tuple(_suggest(searcher, query.kind, clause.fact, asked[at], known))
                spent += thread_time() - started
                searcher.existing.keep_near(query.kind, clause.fact, asked[at], found)
                yield None
        for at, term in enumerate(missing):
            yield Unmatched(clause.field, term.value, (near[at] or ()) if at < len(near) else ())


def _known_hashes(searcher: Searcher, clause: Clause, missing: list[Term]) -> list[list[bool]]:
    """Which forms of the missing domains any domain may have, where the clause is of domains."""
    forms = searcher.forms.get(clause.fact.name)
    return [[] for _ in missing] if forms is None else forms.known(list(map(given_domain, missing)))


def _missing(searcher: Searcher, kind: Kind, clause: Clause) -> Generator[None, None, list[Term]]:
    match clause:
        case AnyOf(_, fact, terms) | NoneOf(_, fact, terms) | AllOf(_, fact, terms):
            if fact.kind == "keys":
                return missing_keys(searcher, kind, fact, terms)
            return _missing_values(searcher, kind, fact, terms)
        case Contains(_, fact, terms):
            absent = []
            for term in terms:
                key = term.keys[0]
                known = searcher.existing.texts(kind, fact)
                if key not in known:
                    known[key] = _is_contained(searcher, kind, fact, key)
                    yield
                if not known[key]:
                    absent.append(term)
            return absent
        case Flag() | Between():
            return []
        case _:
            assert_never(clause)


def _missing_values(searcher: Searcher, kind: Kind, fact: Fact, terms: tuple[Term, ...]) -> list[Term]:
    """Those of the terms whose value no live record has."""
    known, find = searcher.existing.ids(kind, fact), searcher.dictionaries[fact.name].find_one
    own = [[id_ for key in term.keys if (id_ := find(key)) is not None] for term in terms]
    asked = {id_ for ids in own for id_ in ids} - known.keys()
    if asked:
        found = _existing_ids(searcher, kind, fact, np.array(sorted(asked), dtype=np.uint32))
        known.update((id_, id_ in found) for id_ in asked)
    return [term for term, ids in zip(terms, own, strict=True) if not any(known[id_] for id_ in ids)]


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
    needle = searcher.text_indexes[fact.name].resolve(key)
    if is_company_fact(kind, fact):
        companies = searcher.companies_matching(TextNode(fact.name, (needle,)))
        slices = (companies[at : at + _COMPANIES_PER_STEP] for at in range(0, len(companies), _COMPANIES_PER_STEP))
        return any(len(_companies_with_contacts(searcher, part)) for part in slices)
    return any(
        _segment_contains(segment.texts[fact.name], superseded, needle)
        for segment, superseded in newest_first(searcher.segments, kind)
    )


def _segment_contains(part: TextPostings, superseded: BitMap | None, needle: ResolvedText) -> bool:
    """Whether a record that no later layer overrules has the needle."""
    postings = part.words if needle.by_word else part.texts
    counts = postings.count_each(needle.ids)
    if not counts.any():
        return False
    if superseded is None or int(counts.max()) > len(superseded):
        return True
    return any(found.difference_cardinality(superseded) > 0 for found in text_bitmaps(part, needle))


def missing_keys(searcher: Searcher, kind: Kind, fact: Fact, terms: tuple[Term, ...]) -> list[Term]:
    """Those of the terms whose key no record has."""
    places, nums = searcher.find_keys(fact, terms)
    known = set(places.tolist())
    if is_company_fact(kind, fact):
        employers = bitmap_of_sorted(_companies_with_contacts(searcher, nums))
        known = {place for place, num in zip(places.tolist(), nums.tolist(), strict=True) if num in employers}
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


def _suggest(searcher: Searcher, kind: Kind, fact: Fact, term: Term, forms: list[bool]) -> list[str]:
    if fact.kind == "text":
        return _suggest_texts(searcher, kind, fact, term)
    if fact.kind == "keys":
        if fact is not DOMAIN:
            return []
        return _suggest_domains(searcher, kind, fact, term, forms)

    def existing(id_: int) -> bool:
        return bool(_existing_ids(searcher, kind, fact, np.array([id_], dtype=np.uint32)))

    return searcher.dictionaries[fact.name].near(term.value, existing)


def _suggest_domains(searcher: Searcher, kind: Kind, fact: Fact, term: Term, forms: list[bool]) -> list[str]:
    tried = domain_edits(term, searcher.dictionaries["company.tlds"].keys, forms)
    if not tried:
        return []
    places, nums = searcher.find_hashes(fact, hash_bytes(tried))
    kept = places.tolist()
    if kept and is_company_fact(kind, fact):
        employers = set(_companies_with_contacts(searcher, nums).tolist())
        kept = [at for at, num in zip(kept, nums.tolist(), strict=True) if num in employers]
    found = dict.fromkeys(tried[at] for at in sorted(kept))
    return [text.decode() for text in list(found)[:3]]


def _suggest_texts(searcher: Searcher, kind: Kind, fact: Fact, term: Term) -> list[str]:
    """The needle with its first unknown word replaced by words of texts that are near it."""
    index, needle = searcher.text_indexes[fact.name], term.keys[0]
    for word, _ in tokenize(needle):
        if not len(index.resolve(word).ids):
            near = index.near(word, 5)
            tried = [needle.replace(word, other, 1) for other in near]
            return [text for text in tried if _is_contained(searcher, kind, fact, text)][:3]
    return []
