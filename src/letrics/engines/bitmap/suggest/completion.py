"""Completion: values of a field that match what a user has typed so far, best match first."""

from __future__ import annotations

from collections.abc import Generator
from typing import Final

import numpy as np

from letrics.engines.base import ValueCount
from letrics.engines.bitmap.collect.facets import TEXTS_PER_STEP, CountSteps, count_matches, facet, labels_of
from letrics.engines.bitmap.kernel.arrays import Ints
from letrics.engines.bitmap.searcher import Searcher
from letrics.fields import Fact
from letrics.normalize.text import fold
from letrics.query.clauses import Query
from letrics.records import Kind

_MAX_VALUES_PER_LABEL: Final = 4
"""Most values that share a label, such as a city and a region of one name."""


def find_values(searcher: Searcher, kind: Kind, fact: Fact, typed: str, limit: int) -> CountSteps:
    """Up to `limit` values that records of the kind carry and that go with what was typed: the whole value before one
    that begins with it, before one with a word that does, before one that has it anywhere, before merely near ones;
    among equals the commonest first."""
    wanted = fold(typed)
    if not wanted:
        everything = yield from searcher.matches(Query(kind))
        return (yield from facet(searcher, kind, fact, everything, limit))
    ids, ranks = yield from _matching(searcher, fact, wanted)
    everything = yield from searcher.matches(Query(kind))
    counts = (yield from count_matches(searcher, kind, fact, everything))[ids]
    ids, ranks, counts = ids[counts > 0], ranks[counts > 0], counts[counts > 0]
    order = (ranks << 32) - counts
    most = _MAX_VALUES_PER_LABEL * limit
    if len(ids) > most:  # all that tie with the last are kept until texts decide
        kept = order <= np.partition(order, most)[most]
        ids, order, counts = ids[kept], order[kept], counts[kept]
    shown = labels_of(searcher, fact)
    texts = [str(shown[id_]) for id_ in ids.tolist()]
    best: dict[str, int] = {}
    for _, text, count in sorted(zip(order.tolist(), texts, counts.tolist(), strict=True)):
        best.setdefault(text, count)
    return [ValueCount(text, count) for text, count in best.items()][:limit]


def _matching(searcher: Searcher, fact: Fact, wanted: str) -> Generator[None, None, tuple[Ints, Ints]]:
    """Ids of values that have the typed text, and how well each does (0 best)."""
    if fact.kind == "text":
        index = searcher.text_indexes[fact.name]
        needle = index.resolve(wanted)
        yield
        found = index.texts_of_words(needle.ids) if needle.by_word else needle.ids
        places: list[Ints] = []
        for start in range(0, len(found), TEXTS_PER_STEP):
            yield
            places.append(index.ranks(wanted, found[start : start + TEXTS_PER_STEP]))
        return found.astype(np.int64), np.concatenate([np.zeros(0, np.int64), *places])
    dictionary = searcher.dictionaries[fact.name]
    texts, shown = dictionary.folded, dictionary.labels
    yield
    ids: list[int] = []
    ranks: list[int] = []
    for id_ in range(len(dictionary)):
        text = texts[id_]
        if wanted in text and shown[id_]:
            ids.append(id_)
            ranks.append(_rank(text, wanted))
        if id_ % TEXTS_PER_STEP == 0:
            yield
    if not ids:
        for rank, near in enumerate(dictionary.near(wanted, lambda _: True, 10), 4):
            same = dictionary.find([fact.key(near)]).tolist()
            ids += same
            ranks += [rank] * len(same)
    return np.array(ids, dtype=np.int64), np.array(ranks, dtype=np.int64)


def _rank(text: str, wanted: str) -> int:
    if text == wanted:
        return 0
    if text.startswith(wanted):
        return 1
    return 2 if f" {wanted}" in text else 3
