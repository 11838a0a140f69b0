"""Pages: the window of the matches in order of num, at any depth.

A search that counts its matches sorts all of them, which takes 50 ns for each. So the first search stops after
300,000 matches. If there are more, one search counts them, and another sorts only those in a range of nums that is
likely to contain the window: a range that turns out to be too small is widened.

OpenSearch returns the first 10,000 matches. A deeper page is found in a histogram of the nums: its buckets say how many
matches come before each, so that only the matches of one bucket have to be skipped.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from letrics.engines.base import Window
from letrics.engines.opensearch.mapping import NUM
from letrics.engines.opensearch.search_client import Body, Reply, Searches
from letrics.engines.opensearch.translate import EVERYTHING, Filter
from letrics.query.clauses import Order

_MAX_NUM: Final = 2**63 - 1
"""The largest number of a field."""
_SPARE: Final = 4
"""How many times the number of wanted matches a range of nums should contain, if matches are spread evenly."""
_WIDER: Final = 16
"""How many times as wide a range is that replaces one with too few matches."""

_LAST: Final[Body] = {
    "query": EVERYTHING,
    "size": 0,
    "track_total_hits": False,
    "aggs": {"last": {"max": {"field": NUM}}},
}
"""The search for the last num of the index. Without a filter, it reads one value of each segment."""


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
        """The search for the window, unless there are many matches. For a window that is too deep, or has no matches,
        the search for the total."""
        if self._is_deep(self._window.offset) or self._is_empty():
            return _count(self._filter)
        return self._page(self._filter) | {"track_total_hits": True, "terminate_after": self._searches.limits.sorted}

    async def read(self, reply: Reply) -> NumPage:
        """The window, from the reply to the search of `body`."""
        window = self._window
        if self._is_empty():
            total = _total(reply)
            return NumPage(total, [], total > 0)
        if self._is_deep(window.offset):
            total = _total(reply)
            nums = await self._deep(_end(await self._searches.run(_LAST))) if window.offset < total else []
        elif reply.get("terminated_early"):
            counted, last = await self._searches.run_all([_count(self._filter), _LAST])
            total = _total(counted)
            nums = await self._first(total, _end(last))
        else:
            total, nums = _total(reply), _nums(reply)
        return NumPage(total, nums[: window.size], len(nums) > window.size)

    def _page(self, filter_: Filter) -> Body:
        """The search for the window among the matches of a filter."""
        window = self._window
        body = _sorted(filter_, window.order, window.size + 1)
        if window.after is None:
            return body | {"from": window.offset}
        return body | {"search_after": [min(window.after, _MAX_NUM)]}

    async def _first(self, total: int, end: int) -> list[int]:
        """The nums of the window and the next one, of `total` matches whose nums are below `end`."""
        window, oldest = self._window, self._window.order == "oldest"
        low, high = 0, end
        if window.after is not None:
            low, high = (window.after + 1, end) if oldest else (0, min(window.after, end))
        width = _SPARE * (window.offset + window.size + 1) * end // max(1, total) + 1
        while low < high:
            first, last = (low, min(low + width, high)) if oldest else (max(high - width, low), high)
            nums = _nums(await self._searches.run(self._page(_within(self._filter, first, last))))
            if len(nums) > window.size or last - first == high - low:
                return nums
            width *= _WIDER
        return []

    def _is_empty(self) -> bool:
        """Whether only the number of matches is wanted."""
        return self._window.size == 0 and self._window.offset == 0 and self._window.after is None

    def _is_deep(self, offset: int) -> bool:
        """Whether the matches from `offset` on are too deep for one search."""
        return self._window.after is None and offset + self._window.size >= self._searches.limits.skipped

    async def _deep(self, end: int) -> list[int]:
        """The nums of the window and the next one. All nums are below `end`."""
        window, low, high, skip = self._window, 0, end, self._window.offset
        while self._is_deep(skip) and high - low > 1:
            interval = -(-(high - low) // self._searches.limits.histogram_buckets)
            histogram = {"histogram": {"field": NUM, "interval": interval, "min_doc_count": 1}}
            body = {"query": _within(self._filter, low, high), "size": 0, "aggs": {"nums": histogram}}
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
        body = _sorted(rest, window.order, window.size + 1) | {"from": skip}
        return _nums(await self._searches.run(body))


def _sorted(filter_: Filter, order: Order, size: int) -> Body:
    """The search for the first matches of a filter, without their number."""
    return {
        "query": filter_,
        "size": size,
        "sort": [{NUM: "asc" if order == "oldest" else "desc"}],
        "track_total_hits": False,
        "_source": False,
        "stored_fields": "_none_",
    }


def _count(filter_: Filter) -> Body:
    """The search for the number of matches."""
    return {"query": filter_, "size": 0, "track_total_hits": True}


def _total(reply: Reply) -> int:
    return int(reply["hits"]["total"]["value"])


def _end(reply: Reply) -> int:
    """The num after the last one of the index, from the reply to `_LAST`."""
    last = reply["aggregations"]["last"]["value"]
    return 0 if last is None else int(last) + 1


def _nums(reply: Reply) -> list[int]:
    return [match["sort"][0] for match in reply["hits"]["hits"]]


def _within(filter_: Filter, low: int, high: int | None) -> Filter:
    """The matches with a num from `low` to below `high`."""
    bounds = {"gte": low} if high is None else {"gte": low, "lt": high}
    return {"bool": {"filter": [filter_, {"range": {NUM: bounds}}]}}
