"""A random segment of contacts and the segment of their companies, with the same content as plain sets."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random

import numpy as np
from pyroaring import BitMap

from letrics.engines.bitmap.costs import Costs
from letrics.engines.bitmap.kernel.arrays import Nums
from letrics.engines.bitmap.query.nodes import (
    AllNode,
    BitmapNode,
    FlagNode,
    HashNode,
    JoinNode,
    QueryNode,
    RangeNode,
    TermsNode,
)  # fmt: skip
from letrics.engines.bitmap.query.query_cache import QueryCache
from letrics.engines.bitmap.segment.hash_index import HashIndex
from letrics.engines.bitmap.segment.postings import Postings
from letrics.engines.bitmap.segment.range_index import RangeIndex
from letrics.engines.bitmap.segment.segment import Segment
from letrics.engines.bitmap.storage.bitmap_store import BitmapCache

TERMS = 12
COMPANIES = 15


def nums_of(numbers: list[int] | set[int]) -> Nums:
    return np.array(sorted(numbers), np.uint32)


@dataclass
class Plain:
    """Contacts by num: their company, and their own and their company's terms and values."""

    company: dict[int, int]
    own: dict[int, set[int]]
    of_company: dict[int, set[int]]
    time: dict[int, int]
    company_time: dict[int, int]
    flagged: set[int]
    bands: dict[int, tuple[int, int]] = field(default_factory=dict)
    hashes: dict[int, int] = field(default_factory=dict)

    def matches(self, node: QueryNode) -> set[int]:
        """The contacts that match a node."""
        match node:
            case TermsNode("own", ids):
                return {num for num in self.company if self.own[num] & set(ids.tolist())}
            case TermsNode(_, ids):
                return {num for num, at in self.company.items() if self.of_company[at] & set(ids.tolist())}
            case AllNode(parts):
                return set.intersection(*map(self.matches, parts))
            case RangeNode("time", low, high, ("least", "most")):
                bands = {num: ends for num, ends in self.bands.items() if num not in self.time}
                overlapping = {
                    num
                    for num, (least, most) in bands.items()
                    if (low is None or most >= low) and (high is None or least <= high)
                }
                return overlapping | self.matches(RangeNode("time", low, high))
            case RangeNode("time", low, high):
                return {num for num, time in self.time.items() if _is_between(low, time, high)}
            case RangeNode(_, low, high):
                times = self.company_time
                return {num for num, at in self.company.items() if at in times and _is_between(low, times[at], high)}
            case JoinNode(nums):
                return {num for num, at in self.company.items() if at in nums.tolist()}
            case HashNode(_, hashes):
                return {num for num, hashed in self.hashes.items() if hashed in hashes.tolist()}
            case FlagNode():
                return self.flagged
            case BitmapNode(nums):
                return set(nums) & set(self.company)
        raise AssertionError(node)


def _is_between(low: int | None, value: int, high: int | None) -> bool:
    return (low is None or low <= value) and (high is None or value <= high)


def random_segments(rng: Random, costs: Costs, records: int = 200) -> tuple[Segment, Segment, Plain]:
    """The segment of contacts, the segment of their companies, and both as plain sets."""
    span = records if rng.random() < 0.5 else 2 * records
    nums = sorted(rng.sample(range(span), records))
    of_company = {at: set(rng.sample(range(TERMS), rng.randrange(5))) for at in range(COMPANIES)}
    plain = Plain(
        company={num: rng.randrange(COMPANIES) for num in nums},
        own={num: set(rng.sample(range(TERMS), rng.randrange(5))) for num in nums},
        of_company=of_company,
        time={num: rng.randrange(50) for num in nums if rng.random() < 0.9},
        company_time={at: rng.randrange(50) for at in range(COMPANIES) if rng.random() < 0.9},
        bands={num: random_band(rng) for num in nums if rng.random() < 0.5},
        flagged={num for num in nums if rng.random() < 0.5},
        hashes={num: rng.getrandbits(64) for num in nums},
    )
    return _contacts(plain, costs), _companies(plain, costs), plain


def random_band(rng: Random) -> tuple[int, int]:
    """The two ends of a band."""
    least = rng.randrange(50)
    return least, least + rng.randrange(20)


def _postings(sets: dict[int, set[int]], costs: Costs) -> Postings:
    pairs = [(id_, num) for num, ids in sets.items() for id_ in ids]
    ids, nums = np.array(pairs, np.uint32).reshape(-1, 2).T
    return Postings.of_pairs(ids, nums, BitmapCache(), costs)


def _companies(plain: Plain, costs: Costs) -> Segment:
    everyone = BitMap(range(COMPANIES))
    return Segment(costs, everyone, everyone, {"company": _postings(plain.of_company, costs)})


def _contacts(plain: Plain, costs: Costs) -> Segment:
    cache, nums = BitmapCache(), nums_of(set(plain.company))
    company = np.array([plain.company[num] for num in nums.tolist()], np.int64)
    contacts = _postings({num: {at} for num, at in plain.company.items()}, costs)
    timed = nums_of(set(plain.time))
    times = np.array([plain.time[num] for num in timed.tolist()], np.int64)
    employed = set(plain.company.values())
    dated = nums_of(set(plain.company_time) & employed)
    company_times = np.array([plain.company_time[at] for at in dated.tolist()], np.int64)
    with_date = BitMap(num for num, at in plain.company.items() if at in plain.company_time)
    alive = BitMap(nums)
    return Segment(
        costs,
        alive,
        alive,
        {
            "own": _postings(plain.own, costs),
            "company": _postings({num: plain.of_company[at] for num, at in plain.company.items()}, costs),
        },
        {"flag": BitMap(plain.flagged)},
        {
            "time": RangeIndex.of(timed, times, BitMap(timed), cache, costs),
            **{name: _band_index(plain, end, cache, costs) for end, name in enumerate(("least", "most"))},
            "company_time": RangeIndex.of_companies(
                dated, company_times, with_date, contacts, company.astype(np.uint32), nums, cache, costs
            ),
        },
        keys={"key": HashIndex.of_pairs(np.array([plain.hashes[num] for num in nums.tolist()], np.uint64), nums)},
        contacts_of_company=contacts,
        nums=nums,
        company=company,
        query_cache=QueryCache(cache, costs),
    )


def _band_index(plain: Plain, end: int, cache: BitmapCache, costs: Costs) -> RangeIndex:
    """The range index of one end of the bands."""
    nums = nums_of(set(plain.bands))
    ends = np.array([plain.bands[num][end] for num in nums.tolist()], np.int64)
    return RangeIndex.of(nums, ends, BitMap(nums), cache, costs)


def random_bounds(rng: Random) -> tuple[int | None, int | None]:
    """The bounds of a range, at least one of them: a request without bounds has no clause."""
    low, high = sorted((rng.randrange(-2, 52), rng.randrange(-2, 52)))
    return rng.choice(((low, high), (low, None), (None, high)))


def random_node(rng: Random, plain: Plain) -> QueryNode:
    """A node of any kind."""
    terms = nums_of(rng.sample(range(TERMS + 2), rng.randrange(1, 5)))
    low, high = random_bounds(rng)
    hashes = [*rng.sample(sorted(plain.hashes.values()), 3), 5]
    nodes: list[QueryNode] = [
        TermsNode("own", terms),
        TermsNode("company", terms),
        RangeNode("time", low, high),
        RangeNode("company_time", low, high),
        RangeNode("time", low, high, ("least", "most")),
        JoinNode(nums_of(rng.sample(range(COMPANIES + 3), rng.randrange(1, 6)))),
        FlagNode("flag"),
        HashNode("key", np.array(hashes, np.uint64)),
        BitmapNode(BitMap(rng.sample(sorted(plain.company), 50))),
        AllNode((TermsNode("own", terms[:1]), TermsNode("company", terms[-1:]))),
    ]
    return rng.choice(nodes)
