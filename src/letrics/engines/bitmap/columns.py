"""What the index knows of every record, by num: the columns from which postings are made.

Only the follower of the log writes here. Lists of ids are appended and the record pointed at them, so that a change
never moves another record's.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import chain
from operator import attrgetter
from typing import Any, Final

import msgspec
import numpy as np
import numpy.typing as npt

from letrics.engines.bitmap.arrays import Column, Ints, Nums, distinct, runs
from letrics.engines.bitmap.books import TextBook
from letrics.engines.bitmap.keys import hashes
from letrics.engines.bitmap.vocabulary import Vocabulary
from letrics.fields import FACTS, Fact, FactKind, Owner
from letrics.records import Email, Place

_MOST: Final = 2**62
"""Numbers beyond this are kept as this."""
_TIME: Final = np.dtype([("time", "S23"), ("zone", "S1")])
"""A stored time, `2026-01-31T09:30:00.000Z`."""


class Lists:
    """For each num a short list of ids, or of hashes."""

    def __init__(self, dtype: npt.DTypeLike = np.uint32) -> None:
        self.start = Column(np.int64)
        self.count = Column(np.uint32)
        self.ids = Column(dtype)

    def put(self, nums: Nums, counts: Nums, ids: npt.NDArray[Any]) -> None:
        """Set the lists of these nums, each once: `counts` ids each, one list after the other in `ids`."""
        other = ~self._are(nums, counts, ids)
        if not other.all():
            nums, ids, counts = nums[other], ids[np.repeat(other, counts)], counts[other]
        at = self.ids.append(ids)
        self.start.put(nums, at + np.cumsum(counts, dtype=np.int64) - counts)
        self.count.put(nums, counts)

    def _are(self, nums: Nums, counts: Nums, ids: npt.NDArray[Any]) -> npt.NDArray[np.bool_]:
        """Which of the nums have these very lists."""
        same: npt.NDArray[np.bool_] = self.count.take(nums) == counts
        some = np.flatnonzero(same & (counts > 0))
        if not len(some):
            return same
        held = counts[some].astype(np.int64)
        starts = np.cumsum(counts, dtype=np.int64) - counts
        differ = self.ids.take(runs(self.start.take(nums[some]), held)) != ids[runs(starts[some], held)]
        same[np.repeat(some, held)[differ]] = False
        return same

    def pairs(self, of: Nums, nums: Nums) -> tuple[npt.NDArray[Any], Nums]:
        """(id, num) for each id in the list of each of `of`, under the num that stands at the same place."""
        counts = self.count.take(of)
        return self.ids.take(runs(self.start.take(of), counts)), np.repeat(nums, counts)

    def grow(self, size: int) -> None:
        self.start.grow(size)
        self.count.grow(size)

    def compact(self) -> None:
        """Forget lists no record points at any more."""
        counts = self.count.whole()
        if len(self.ids) > 2 * int(counts.sum(dtype=np.int64)) + 1024:
            kept = self.ids.take(runs(self.start.whole(), counts))
            self.start = Column(np.int64, data=np.cumsum(counts, dtype=np.int64) - counts)
            self.ids = Column(kept.dtype, data=kept)


class Table:
    """The columns of one kind of record."""

    def __init__(self, owner: Owner) -> None:
        self.owner = owner
        self.facts = tuple(fact for fact in FACTS if fact.owner == owner)
        self.alive = Column(np.bool_)
        self.company = Column(np.uint32)
        self.lists = {f.name: Lists() for f in self.facts if f.kind == "values"}
        self.vocabularies = {f.name: Vocabulary(f.key, f.label, f.texts) for f in self.facts if f.kind == "values"}
        self.texts = {f.name: Column(np.int32, fill=-1) for f in self.facts if f.kind == "text"}
        self.books = {f.name: TextBook() for f in self.facts if f.kind == "text"}
        # Of a number, the flag says whether there is one, and the time is the number.
        self.flags = {f.name: Column(np.bool_) for f in self.facts if f.kind in ("flag", "number")}
        self.times = {f.name: Column(np.int64) for f in self.facts if f.kind in ("time", "number")}
        self.keys = {f.name: Lists(np.uint64) for f in self.facts if f.kind == "keys"}

    def __len__(self) -> int:
        return len(self.alive)

    def grow(self, size: int) -> None:
        self.alive.grow(size)
        self.company.grow(size)
        groups = (self.lists, self.keys, self.texts, self.flags, self.times)
        for column in (c for group in groups for c in group.values()):
            column.grow(size)

    def put(self, nums: Nums, records: Sequence[_Company] | Sequence[_Contact]) -> None:
        """Take over records as they are now."""
        self.alive.put(nums, True)
        members = {name: list(map(attrgetter(name), records)) for name in dict.fromkeys(f.member for f in self.facts)}
        for fact in self.facts:
            given = members[fact.member]
            _PUT[fact.kind](self, fact, nums, given if fact.part is None else list(map(fact.part, given)))

    def _put_values(self, fact: Fact, nums: Nums, given: list[Sequence[Any]]) -> None:
        counts = np.fromiter(map(len, given), dtype=np.uint32, count=len(given))
        each, ids = self.vocabularies[fact.name].ids_of(list(chain.from_iterable(given)))
        if each is not None:
            counts = _in_all(counts, each)
        self.lists[fact.name].put(nums, *_each_once(counts, ids))

    def _put_texts(self, fact: Fact, nums: Nums, given: list[str | None]) -> None:
        self.texts[fact.name].put(nums, self.books[fact.name].ids_of(given))

    def _put_flags(self, fact: Fact, nums: Nums, given: list[bool]) -> None:
        self.flags[fact.name].put(nums, given)

    def _put_times(self, fact: Fact, nums: Nums, given: list[str]) -> None:
        # Stored times have one form. numpy reads it many times faster as bytes and without the Z.
        stored = np.frombuffer("".join(given).encode(), _TIME)["time"]
        self.times[fact.name].put(nums, stored.astype("datetime64[ms]").astype(np.int64))

    def _put_numbers(self, fact: Fact, nums: Nums, given: list[int | None]) -> None:
        self.flags[fact.name].put(nums, [number is not None for number in given])
        self.times[fact.name].put(nums, [max(-_MOST, min(number or 0, _MOST)) for number in given])

    def _put_keys(self, fact: Fact, nums: Nums, given: list[Sequence[Any]]) -> None:
        counts = np.fromiter(map(len, given), dtype=np.uint32, count=len(given))
        items = list(chain.from_iterable(given))
        if fact.texts is not None:
            texts = list(map(fact.texts, items))
            counts = _in_all(counts, np.fromiter(map(len, texts), dtype=np.uint32, count=len(texts)))
            items = list(chain.from_iterable(texts))
        self.keys[fact.name].put(nums, *_each_once(counts, hashes(items)))

    def drop(self, nums: Nums) -> None:
        """Forget records."""
        self.alive.put(nums, False)
        for lists in (*self.lists.values(), *self.keys.values()):
            lists.count.put(nums, 0)
        for texts in self.texts.values():
            texts.put(nums, -1)


def _in_all(counts: Nums, each: Nums) -> Nums:
    """Of lists of so many items, how many values each has: `each` tells it of every item."""
    before = np.r_[0, np.cumsum(each, dtype=np.int64)]
    found: Nums = np.diff(before[np.r_[0, np.cumsum(counts, dtype=np.int64)]]).astype(np.uint32)
    return found


def _each_once(counts: Nums, values: npt.NDArray[Any]) -> tuple[Nums, npt.NDArray[Any]]:
    """Lists with their repetitions left out: how many values each has, and the values."""
    if not len(counts) or int(counts.max()) < 2:
        return counts, values
    owners = np.repeat(np.arange(len(counts), dtype=np.uint64), counts)
    if values.dtype == np.uint32:
        pairs = distinct((owners << np.uint64(32)) | values)
        owners, values = pairs >> np.uint64(32), pairs.astype(np.uint32)
    else:
        order = np.lexsort((values, owners))
        owners, values = owners[order], values[order]
        kept = np.r_[True, (owners[1:] != owners[:-1]) | (values[1:] != values[:-1])]
        owners, values = owners[kept], values[kept]
    return np.bincount(owners.astype(np.int64), minlength=len(counts)).astype(np.uint32), values


_PUT: Final[dict[FactKind, Callable[[Table, Fact, Nums, list[Any]], None]]] = {
    "values": Table._put_values,
    "text": Table._put_texts,
    "flag": Table._put_flags,
    "time": Table._put_times,
    "number": Table._put_numbers,
    "keys": Table._put_keys,
}


class Columns:
    """The columns of both kinds, and the decoding of documents into them."""

    def __init__(self) -> None:
        self.companies = Table("company")
        self.contacts = Table("contact")

    def put_companies(self, nums: Nums, documents: Sequence[bytes]) -> None:
        self.companies.grow(int(nums.max()) + 1)
        self.companies.put(nums, _companies.decode(b"[%s]" % b",".join(documents)))

    def put_contacts(self, nums: Nums, companies: Nums, documents: Sequence[bytes]) -> None:
        self.contacts.grow(int(nums.max()) + 1)
        self.contacts.company.put(nums, companies)
        self.contacts.put(nums, _contacts.decode(b"[%s]" % b",".join(documents)))

    def compact(self) -> None:
        """Forget lists that no record points at any more."""
        for table in (self.companies, self.contacts):
            for lists in (*table.lists.values(), *table.keys.values()):
                lists.compact()

    def time_of(self, fact: Fact, nums: Nums) -> Ints:
        """The time of each contact or company, as the fact defines it (its own, or the later of its and its
        company's)."""
        table = self.companies if fact.owner == "company" else self.contacts
        times: Ints = table.times[fact.name].take(nums)
        if fact.later_of is not None:
            company = self.companies.times[fact.later_of.name].take(self.contacts.company.take(nums))
            times = np.maximum(times, company)
        return times


class _Company(msgspec.Struct, gc=False):
    """What the facts of a company ask for; the rest of a document is skipped, which takes half the time."""

    domain: str
    name: str | None
    tld: str | None
    locations: tuple[Place, ...]
    functions: tuple[str, ...]
    industries: tuple[str, ...]
    technologies: tuple[str, ...]
    emails: tuple[Email, ...]
    linkedin_url: str | None
    employees: int | None
    founded_year: int | None
    first_seen_at: str
    added_at: str
    updated_at: str


class _Contact(msgspec.Struct, gc=False):
    """The same of a contact."""

    full_name: str | None
    job_title: str | None
    department: str | None
    seniority: str | None
    is_decision_maker: bool | None
    emails: tuple[Email, ...]
    linkedin_url: str | None
    added_at: str
    updated_at: str


_companies = msgspec.json.Decoder(list[_Company])
_contacts = msgspec.json.Decoder(list[_Contact])
