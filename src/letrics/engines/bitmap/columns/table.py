"""Record tables: the columns that hold what the index knows of every record, by num. Segments are written from them.

Only the thread that follows the log writes here. Lists of ids are appended and the record is pointed to the new list,
so a change never moves the values of another record.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from itertools import chain
from typing import Any, Final

import numpy as np

from letrics.engines.bitmap.columns.column import Column
from letrics.engines.bitmap.columns.list_column import ListColumn, counts_per_list, deduplicate_lists
from letrics.engines.bitmap.columns.term_dictionary import TermDictionary
from letrics.engines.bitmap.costs import Costs
from letrics.engines.bitmap.kernel.arrays import Ints, Nums
from letrics.engines.bitmap.segment.hash_index import hash_texts
from letrics.engines.bitmap.suggest.deletion_filter import DeletionFilter
from letrics.engines.bitmap.text.forward_index import ForwardIndex
from letrics.engines.common.decode import decode_members
from letrics.engines.common.timestamps import ABSENT, read_times
from letrics.fields import DOMAIN, FACTS, Fact, FactKind, Owner
from letrics.records import MALFORMED

_MAX_NUMBER: Final = 2**62
"""Larger numbers are stored as this one, smaller ones than its negative as that."""
_MOST_LOGGED: Final = 20
"""How many malformed records are named in the log; `letrics check` names all of them."""

_log: Final = logging.getLogger("letrics.columns")


class RecordTable:
    """The columns of one kind of record."""

    def __init__(self, owner: Owner, costs: Costs) -> None:
        self.owner = owner
        self.costs = costs
        self.facts = tuple(fact for fact in FACTS if fact.owner == owner and fact.later_of is None)
        self.alive = Column(np.bool_)
        self.company = Column(np.uint32)
        self.lists = {f.name: ListColumn() for f in self.facts if f.kind == "values"}
        self.dictionaries = {
            f.name: TermDictionary(f.key, f.label, f.texts, costs) for f in self.facts if f.kind == "values"
        }
        self.texts = {f.name: Column(np.int32, fill=-1) for f in self.facts if f.kind == "text"}
        self.forward_indexes = {f.name: ForwardIndex() for f in self.facts if f.kind == "text"}
        # A number is a flag (whether there is one) and a time (the number).
        self.flags = {f.name: Column(np.bool_) for f in self.facts if f.kind in ("flag", "number")}
        self.times = {f.name: Column(np.int64, fill=ABSENT) for f in self.facts if f.kind in ("time", "number")}
        self.keys = {f.name: ListColumn(np.uint64) for f in self.facts if f.kind == "keys"}
        self.forms = {f.name: DeletionFilter() for f in self.facts if f is DOMAIN}
        self._left_out = 0

    def __len__(self) -> int:
        return len(self.alive)

    def grow(self, size: int) -> None:
        self.alive.grow(size)
        self.company.grow(size)
        groups = (self.lists, self.keys, self.texts, self.flags, self.times)
        for column in (c for group in groups for c in group.values()):
            column.grow(size)

    def put(self, nums: Nums, documents: Sequence[bytes]) -> None:
        """Set the values of these records from their documents. Malformed ones are left out and named in the log."""
        self.grow(int(nums.max()) + 1)
        try:
            self._put(nums, documents)
        except MALFORMED as error:
            if len(nums) == 1:
                self._leave_out(nums, error)
                return
            half = len(nums) // 2
            self.put(nums[:half], documents[:half])
            self.put(nums[half:], documents[half:])

    def _put(self, nums: Nums, documents: Sequence[bytes]) -> None:
        members = decode_members(self.owner, documents, {fact.member for fact in self.facts})
        for fact in self.facts:
            given = members[fact.member]
            _PUT[fact.kind](self, fact, nums, given if fact.part is None else list(map(fact.part, given)))
        self.alive.put(nums, True)

    def _leave_out(self, nums: Nums, error: BaseException) -> None:
        """Have nothing of a record whose document cannot be read. The error's words could hold some of its data."""
        self.drop(nums)
        for flags in self.flags.values():
            flags.put(nums, False)
        for times in self.times.values():
            times.put(nums, ABSENT)
        self._left_out += 1
        if self._left_out <= _MOST_LOGGED:
            more = "; more of them are not named here" if self._left_out == _MOST_LOGGED else ""
            _log.warning(
                "the document of %s num %d is malformed (%s), so it is not in the index: run `letrics check`%s",
                self.owner, int(nums[0]), type(error).__name__, more,
            )  # fmt: skip

    def _put_values(self, fact: Fact, nums: Nums, given: list[Sequence[Any]]) -> None:
        counts = np.fromiter(map(len, given), dtype=np.uint32, count=len(given))
        each, ids = self.dictionaries[fact.name].ids_of(list(chain.from_iterable(given)))
        if each is not None:
            counts = counts_per_list(counts, each)
        self.lists[fact.name].put(nums, *deduplicate_lists(counts, ids))

    def _put_texts(self, fact: Fact, nums: Nums, given: list[str | None]) -> None:
        self.texts[fact.name].put(nums, self.forward_indexes[fact.name].ids_of(given))

    def _put_flags(self, fact: Fact, nums: Nums, given: list[bool]) -> None:
        self.flags[fact.name].put(nums, given)

    def _put_times(self, fact: Fact, nums: Nums, given: list[str | None]) -> None:
        known = [text for text in given if text is not None]
        times = read_times(known)
        if len(known) < len(given):
            all_times = np.full(len(given), ABSENT)
            all_times[[text is not None for text in given]] = times
            times = all_times
        self.times[fact.name].put(nums, times)

    def _put_numbers(self, fact: Fact, nums: Nums, given: list[int | None]) -> None:
        self.flags[fact.name].put(nums, [number is not None for number in given])
        self.times[fact.name].put(nums, [max(-_MAX_NUMBER, min(number or 0, _MAX_NUMBER)) for number in given])

    def _put_keys(self, fact: Fact, nums: Nums, given: list[Sequence[Any]]) -> None:
        counts = np.fromiter(map(len, given), dtype=np.uint32, count=len(given))
        items = list(chain.from_iterable(given))
        if fact.texts is not None:
            texts = list(map(fact.texts, items))
            counts = counts_per_list(counts, np.fromiter(map(len, texts), dtype=np.uint32, count=len(texts)))
            items = list(chain.from_iterable(texts))
        other = self.keys[fact.name].put(nums, *deduplicate_lists(counts, hash_texts(items)))
        if fact.name in self.forms:  # each record has at most one
            ends = np.cumsum(counts)
            self.forms[fact.name].add([items[ends[at] - 1] for at in np.flatnonzero(other & (counts > 0)).tolist()])

    def drop(self, nums: Nums) -> None:
        """Mark records as deleted and drop their values."""
        self.alive.put(nums, False)
        for lists in (*self.lists.values(), *self.keys.values()):
            lists.count.put(nums, 0)
        for texts in self.texts.values():
            texts.put(nums, -1)


_PUT: Final[dict[FactKind, Callable[[RecordTable, Fact, Nums, list[Any]], None]]] = {
    "values": RecordTable._put_values,
    "text": RecordTable._put_texts,
    "flag": RecordTable._put_flags,
    "time": RecordTable._put_times,
    "number": RecordTable._put_numbers,
    "keys": RecordTable._put_keys,
}
"""How the values of each kind of fact are stored."""


class ColumnStore:
    """The columns of companies and contacts."""

    def __init__(self, costs: Costs) -> None:
        self.companies = RecordTable("company", costs)
        self.contacts = RecordTable("contact", costs)

    def put_companies(self, nums: Nums, documents: Sequence[bytes]) -> None:
        self.companies.put(nums, documents)

    def put_contacts(self, nums: Nums, companies: Nums, documents: Sequence[bytes]) -> None:
        self.contacts.put(nums, documents)
        self.companies.grow(int(companies.max()) + 1)  # a contact without a company has the num of none
        self.contacts.company.put(nums, companies)

    def compact(self) -> None:
        """Drop unused lists."""
        for table in (self.companies, self.contacts):
            for lists in (*table.lists.values(), *table.keys.values()):
                lists.compact()

    def time_of(self, fact: Fact, nums: Nums) -> Ints:
        """The time of each record as the fact defines it: that of the record, or the later of it and its company's.

        ABSENT where there is none.
        """
        if fact.later_of is not None:
            own, companys = fact.later_of
            companies = self.contacts.company.take(nums)
            return np.maximum(self.time_of(own, nums), self.time_of(companys, companies))
        table = self.companies if fact.owner == "company" else self.contacts
        times: Ints = table.times[fact.name].take(nums)
        return times
