"""Pages: the window of the matches in order of num, at any depth.

OpenSearch returns the first 10,000 matches. A deeper page is found in a histogram of the nums: its buckets say how many
matches come before each, so that only the matches of one bucket have to be skipped.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from letrics.engines.base import Window
from letrics.engines.opensearch.mapping import NUM
from letrics.engines.opensearch.search_client import Body, Deadline, Reply, SearchClient
from letrics.engines.opensearch.translate import Filter
from letrics.query.clauses import Order
from letrics.records import Kind

_MAX_SKIPPED: Final = 10_000
"""Maximum of the matches that OpenSearch skips and returns together (`index.max_result_window`)."""
_BUCKETS: Final = 2_000
"""Number of buckets of the histogram, unless there are fewer nums."""
_MAX_NUM: Final = 2**63 - 1
"""The largest number of a field."""


@dataclass(frozen=True, slots=True)
class Page:
    """The number of matches, the nums of the window and whether more follow."""

    total: int
    nums: list[int]
    more: bool


def is_deep(window: Window) -> bool:
    """Whether the window is too deep for one search."""
    return window.after is None and window.offset + window.size >= _MAX_SKIPPED


def page_body(filter_: Filter, window: Window) -> Body:
    """The search for a window that is not deep, or for the total and the first num of one that is."""
    if is_deep(window):
        return _body(filter_, "newest", 1)
    body = _body(filter_, window.order, window.size + 1)
    if window.after is None:
        return body | {"from": window.offset}
    return body | {"search_after": [min(window.after, _MAX_NUM)]}


async def read_page(
    client: SearchClient, kind: Kind, filter_: Filter, window: Window, reply: Reply, deadline: Deadline, preference: str
) -> Page:
    """The window, from the `reply` to the search of `page_body`."""
    total, nums = reply["hits"]["total"]["value"], _nums(reply)
    if is_deep(window):
        found: list[int] = []
        if window.offset < total:
            found = await _deep(client, kind, filter_, window, nums[0] + 1, deadline, preference)
        return Page(total, found[: window.size], len(found) > window.size)
    return Page(total, nums[: window.size], len(nums) > window.size)


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


async def _deep(
    client: SearchClient, kind: Kind, filter_: Filter, window: Window, end: int, deadline: Deadline, preference: str
) -> list[int]:
    """The nums of the window and the next one. All nums are below `end`."""
    low, high, skip = 0, end, window.offset
    while skip + window.size >= _MAX_SKIPPED and high - low > 1:
        interval = -(-(high - low) // _BUCKETS)
        histogram = {"histogram": {"field": NUM, "interval": interval, "min_doc_count": 1}}
        body = _body(_within(filter_, low, high), "oldest", 0) | {"aggs": {"nums": histogram}}
        reply = await client.search(kind, body, deadline, preference)
        buckets: list[Any] = reply["aggregations"]["nums"]["buckets"]
        for bucket in buckets if window.order == "oldest" else reversed(buckets):
            if skip < bucket["doc_count"]:
                first = int(bucket["key"])
                low, high = max(low, first), min(high, first + interval)
                break
            skip -= bucket["doc_count"]
        else:
            return []  # records were deleted meanwhile
    rest = _within(filter_, low, None) if window.order == "oldest" else _within(filter_, 0, high)
    body = _body(rest, window.order, window.size + 1) | {"from": skip, "track_total_hits": False}
    return _nums(await client.search(kind, body, deadline, preference))


def _within(filter_: Filter, low: int, high: int | None) -> Filter:
    """The matches with a num from `low` to below `high`."""
    bounds = {"gte": low} if high is None else {"gte": low, "lt": high}
    return {"bool": {"filter": [filter_, {"range": {NUM: bounds}}]}}
