"""Completion: values of a field that match what a user has typed so far, best match first."""

from __future__ import annotations

from collections.abc import Generator
from typing import Final

import numpy as np

from letrics.engines.base import ValueCount
from letrics.engines.bitmap.collect.facets import CountSteps, count_matches, facet, labels_of
from letrics.engines.bitmap.kernel.arrays import Ints
from letrics.engines.bitmap.query.binder import find_matches
from letrics.engines.bitmap.searcher import Searcher
from letrics.fields import Fact
from letrics.normalize.text import fold, fold_words
from letrics.query.clauses import Query
from letrics.records import Kind

_MAX_VALUES_PER_LABEL: Final = 4
"""Maximum values that share a label, such as a city and a region of the same name."""


def find_values(searcher: Searcher, kind: Kind, fact: Fact, typed: str, limit: int) -> CountSteps:
    """Up to `limit` values of records of `kind` that match the typed text.

    The order is: the whole value, its beginning, the beginning of one of its words, anywhere in it, and only if nothing
    matches, similar values. Among equals, the most common value comes first. Without a typed text, the most common
    values.
    """
    wanted = fold_words(typed) if fact.kind == "text" else fold(typed)
    if not wanted:
        all_records = yield from find_matches(searcher, Query(kind))
        return (yield from facet(searcher, kind, fact, all_records, limit))
    ids, ranks = yield from _matching(searcher, fact, wanted)
    all_records = yield from find_matches(searcher, Query(kind))
    counts = (yield from count_matches(searcher, kind, fact, all_records))[ids]
    ids, ranks, counts = ids[counts > 0], ranks[counts > 0], counts[counts > 0]
    order = (ranks << 32) - counts
    most = _MAX_VALUES_PER_LABEL * limit
    if len(ids) > most:  # ties with the last one stay until they are sorted by text
        is_candidate = order <= np.partition(order, most)[most]
        ids, order, counts = ids[is_candidate], order[is_candidate], counts[is_candidate]
    labels = labels_of(searcher, fact)
    texts = [str(labels[id_]) for id_ in ids.tolist()]
    best: dict[str, int] = {}
    for _, text, count in sorted(zip(order.tolist(), texts, counts.tolist(), strict=True)):
        best.setdefault(text, count)
    return [ValueCount(text, count) for text, count in best.items()][:limit]


def _matching(searcher: Searcher, fact: Fact, wanted: str) -> Generator[None, None, tuple[Ints, Ints]]:
    """The ids of values that contain the text, and how well each matches (0 is best)."""
    step = searcher.costs.texts_per_step
    if fact.kind == "text":
        index = searcher.text_indexes[fact.name]
        resolved = index.resolve(wanted)
        yield
        found = index.texts_of_words(resolved.ids) if resolved.by_word else resolved.ids
        ranks_of_slices: list[Ints] = []
        for start in range(0, len(found), step):
            yield
            ranks_of_slices.append(index.ranks(wanted, found[start : start + step]))
        return found.astype(np.int64), np.concatenate([np.zeros(0, np.int64), *ranks_of_slices])
    dictionary = searcher.dictionaries[fact.name]
    texts, labels = dictionary.folded, dictionary.labels
    yield
    ids: list[int] = []
    ranks: list[int] = []
    for id_ in range(len(dictionary)):
        text = texts[id_]
        if wanted in text and labels[id_]:
            ids.append(id_)
            ranks.append(_rank(text, wanted))
        if id_ % step == 0:
            yield
    if not ids:
        for rank, near in enumerate(dictionary.near(wanted, lambda _: True, 10), 4):
            same = dictionary.find([fact.key(near)]).tolist()
            ids += same
            ranks += [rank] * len(same)
    return np.array(ids, dtype=np.int64), np.array(ranks, dtype=np.int64)


def _rank(text: str, wanted: str) -> int:
    """How well a text that contains `wanted` matches: 0 as a whole, 1 its beginning, 2 the beginning of a word, 3
    anywhere."""
    if text == wanted:
        return 0
    if text.startswith(wanted):
        return 1
    return 2 if f" {wanted}" in text else 3
