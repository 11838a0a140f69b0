"""A layer: the postings of some records, under their lasting nums. The base is a layer, and so is each overlay.

A layer decides about the nums it `covers`, alive or not; a later layer overrules an earlier one:
answer = (base − covers) ∪ overlay. Contact sets carry their company's values too, so a query of contacts asks the
contact side alone. Layers are immutable, made from columns, and published by swapping one reference.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np
from pyroaring import BitMap

from letrics.engines.bitmap.arrays import Nums, bitmap
from letrics.engines.bitmap.columns import Columns, Table
from letrics.engines.bitmap.keys import KeyTable
from letrics.engines.bitmap.postings import Postings
from letrics.engines.bitmap.times import TimeIndex
from letrics.engines.bitmap.titles import TitleIndex
from letrics.fields import Fact, facts_of
from letrics.records import Kind

_MANY_WORDS = 200
"""A piece of a word that more words than this contain gets a set of its own in a large layer."""
_LARGE = 50_000


@dataclass(slots=True)
class TextPart:
    """What contains a text: by word, by whole text, and for the commonest pieces of words ready sets."""

    words: Postings
    texts: Postings
    pieces: dict[str, BitMap]


@dataclass(slots=True)
class Side:
    """One kind's half of a layer. Every set holds live nums only."""

    covers: BitMap
    live: BitMap
    values: dict[str, Postings] = field(default_factory=dict)
    flags: dict[str, BitMap] = field(default_factory=dict)
    times: dict[str, TimeIndex] = field(default_factory=dict)
    texts: dict[str, TextPart] = field(default_factory=dict)
    keys: dict[str, KeyTable] = field(default_factory=dict)
    of_company: Postings | None = None
    """Of contacts: the contacts of each company."""


@dataclass(slots=True)
class Layer:
    companies: Side
    contacts: Side

    def side(self, kind: Kind) -> Side:
        return self.contacts if kind == "contacts" else self.companies


Indexes = dict[str, TitleIndex]
Pause = Callable[[], None]


def build_layer(columns: Columns, indexes: Indexes, companies: Nums, contacts: Nums, pause: Pause) -> Layer:
    """The layer that covers these nums (ascending), as the columns have them now. `pause` is called between steps."""
    return Layer(
        _build_side("companies", columns, indexes, companies, pause),
        _build_side("contacts", columns, indexes, contacts, pause),
    )


def _build_side(kind: Kind, columns: Columns, indexes: Indexes, nums: Nums, pause: Pause) -> Side:
    table = columns.contacts if kind == "contacts" else columns.companies
    live = nums[table.alive.view[nums]]
    live_set = bitmap(live)
    side = Side(bitmap(nums), live_set)
    company = table.company.view[live] if kind == "contacts" else live  # of companies the very same array
    for fact in facts_of(kind):
        _build_fact(side, fact, columns, indexes, live, company)
        pause()
    if kind == "contacts":
        side.of_company = Postings.of_pairs(company, live)
    pause()
    return side


def _build_fact(side: Side, fact: Fact, columns: Columns, indexes: Indexes, live: Nums, company: Nums) -> None:
    """The part of a side that answers questions about one fact; `company` is the company of each live record."""
    table: Table = columns.companies if fact.owner == "company" else columns.contacts
    owners = company if fact.owner == "company" else live
    match fact.kind:
        case "values":
            side.values[fact.name] = Postings.of_pairs(*table.lists[fact.name].pairs(owners, live))
        case "flag":
            side.flags[fact.name] = bitmap(live[table.flags[fact.name].view[owners]])
        case "number":
            held = table.flags[fact.name].view[owners]
            nums = live[held]
            side.times[fact.name] = TimeIndex.of(nums, table.times[fact.name].view[owners[held]], bitmap(nums))
        case "time":
            nums = live if fact.owner == "contact" else owners
            side.times[fact.name] = TimeIndex.of(live, columns.time_of(fact, nums), side.live)
        case "text" | "keys" if owners is not live:
            pass  # a company's text or key is looked up among companies, and its contacts by their company
        case "text":
            side.texts[fact.name] = _build_text(fact, table, indexes[fact.name], live)
        case "keys":
            side.keys[fact.name] = KeyTable.of_pairs(*table.keys[fact.name].pairs(live, live))


def _build_text(fact: Fact, table: Table, index: TitleIndex, live: Nums) -> TextPart:
    texts = table.texts[fact.name].view[live]
    having = texts >= 0
    nums, text_ids = live[having], texts[having].astype(np.uint32)
    words, places = table.books[fact.name].words_of(text_ids)
    pieces: dict[str, BitMap] = {}
    if len(nums) >= _LARGE:
        has = np.zeros(len(table.books[fact.name].texts), np.bool_)
        for piece in index.words.common_pieces(_MANY_WORDS):
            has[:] = False
            has[index.texts_of_words(index.resolve(piece).ids)] = True
            pieces[piece] = bitmap(nums[has[text_ids]])
    return TextPart(Postings.of_pairs(words, nums[places]), Postings.of_pairs(text_ids, nums), pieces)


def covered(layers: tuple[Layer, ...], kind: Kind) -> Iterator[tuple[Side, BitMap | None]]:
    """Each layer's side, with the nums that later layers overrule (None where there are none), last first."""
    over: BitMap | None = None
    for layer in reversed(layers):
        side = layer.side(kind)
        yield side, over
        over = side.covers if over is None else over | side.covers
