"""Pages: the window of the matches in order of num, at any depth.

OpenSearch returns the first 10,000 matches. A deeper page is found in a histogram of the nums: its buckets say how many
matches come before each, so that only the matches of one bucket have to be skipped.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from letrics.engines.base import Window
from letrics.engines.opensearch.mapping import NUM
from letrics.engines.opensearch.search_client import Body, Reply, Searches
from letrics.engines.opensearch.translate import Filter
from letrics.query.clauses import Order

_MAX_NUM: Final = 2**63 - 1
"""The largest number of a field."""


@dataclass(frozen=True, slots=True)
class NumPage:
    """The number of matches, the nums of the window and whether more follow."""

    total: int
    nums: list[int]
    more: bool


class PageReader:
    """Reads the window of the matches of `filter_`."""

    def __init__(self, searches: Searches, filter_: Filter, window: Window) -> None:
        self._searches = searches
        self._filter = filter_
        self._window = window

    def body(self) -> Body:
        """The search for the window; for one that is too deep, the search for the total and the last num."""
        window = self._window
        if self._is_deep(window.offset):
            return _body(self._filter, "newest", 1)
        body = _body(self._filter, window.order, window.size + 1)
        if window.after is None:
            return body | {"from": window.offset}
        return body | {"search_after": [min(window.after, _MAX_NUM)]}

    async def read(self, reply: Reply) -> NumPage:
        """The window, from the reply to the search of `body`."""
        window, total, nums = self._window, reply["hits"]["total"]["value"], _nums(reply)
        if self._is_deep(window.offset):
            nums = await self._deep(nums[0] + 1) if window.offset < total else []
        return NumPage(total, nums[: window.size], len(nums) > window.size)

    def _is_deep(self, offset: int) -> bool:
        """Whether the matches from `offset` on are too deep for one search."""
        return self._window.after is None and offset + self._window.size >= self._searches.limits.skipped

    async def _deep(self, end: int) -> list[int]:
        """The nums of the window and the next one. All nums are below `end`."""
        window, low, high, skip = self._window, 0, end, self._window.offset
        while self._is_deep(skip) and high - low > 1:
            interval = -(-(high - low) // self._searches.limits.histogram_buckets)
            histogram = {"histogram": {"field": NUM, "interval": interval, "min_doc_count": 1}}
            body = _body(_within(self._filter, low, high), "oldest", 0) | {"aggs": {"nums": histogram}}
            reply = await self._searches.run(body)
            buckets: list[Any] = reply["aggregations"]["nums"]["buckets"]
            for bucket in buckets if window.order == "oldest" else reversed(buckets):
                if skip < bucket["doc_count"]:
                    first = int(bucket["key"])
                    low, high = max(low, first), min(high, first + interval)
                    break
                skip -= bucket["doc_count"]
            else:
                return []  # records were deleted meanwhile
        rest = _within(self._filter, low, None) if window.order == "oldest" else _within(self._filter, 0, high)
        body = _body(rest, window.order, window.size + 1) | {"from": skip, "track_total_hits": False}
        return _nums(await self._searches.run(body))


def _body(filter_: Filter, order: Order, size: int) -> Body:
    return {
        "query": filter_,
        "size": size,
        "sort": [{NUM: "asc" if order == "oldest" else "desc"}],
        "track_total_hits": True,
        "_source": False,
        "stored_fields": "_none_",
    }


def _nums(reply: Reply) -> list[int]:
    return [match["sort"][0] for match in reply["hits"]["hits"]]


def _within(filter_: Filter, low: int, high: int | None) -> Filter:
    """The matches with a num from `low` to below `high`."""
    bounds = {"gte": low} if high is None else {"gte": low, "lt": high}
    return {"bool": {"filter": [filter_, {"range": {NUM: bounds}}]}}
