"""The searches of one installation on a cluster, each within the time budget of a query."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import monotonic
from typing import Any, Final, Protocol

import msgspec

from letrics.engines.base import EngineAway, EngineLoading, OutOfTime
from letrics.engines.opensearch.cluster_client import BUSY, refusal
from letrics.engines.opensearch.limits import DEFAULT_LIMITS, SearchLimits
from letrics.engines.opensearch.names import IndexNames, Part
from letrics.records import Kind
from letrics.store.base import Position

Body = dict[str, Any]
"""The body of a search."""
Reply = dict[str, Any]
"""The reply to a search."""

_GRACE_SECONDS: Final = 0.5
"""How much longer than the cluster a request waits, so that the cluster can report that the time is over."""
_PAUSE_SECONDS: Final = 0.1
"""The pause before a search that failed for now is repeated."""
_POSITION_SECONDS: Final = 1.5
"""Time limit of reading the position, which takes milliseconds. A cluster that does not reply is reported after it."""

_encode: Final = msgspec.json.Encoder().encode


class Deadline:
    """The end of the time budget of one query."""

    def __init__(self, seconds: float, clock: Callable[[], float] = monotonic) -> None:
        self._seconds = seconds
        self._clock = clock
        self._end = clock() + seconds

    def left(self) -> float:
        """The seconds that are left. Raises OutOfTime if there are none."""
        left = self._end - self._clock()
        if left <= 0:
            raise self.passed()
        return left

    def passed(self) -> OutOfTime:
        """The exception that says so."""
        return OutOfTime(f"the query took longer than {self._seconds:g} s")


class Requests(Protocol):
    """What sends requests to a cluster, such as Client."""

    async def request(
        self, method: str, path: str, body: object = None, *, seconds: float | None = None, missing: bool = False
    ) -> Any:
        """See Client."""
        ...


class SearchClient:
    """Searches the indexes named by `names`; see SearchLimits."""

    def __init__(self, client: Requests, names: IndexNames, limits: SearchLimits = DEFAULT_LIMITS) -> None:
        self._limits = limits
        self._client = client
        self._names = names

    async def position(self, seconds: float | None = None) -> Position | None:
        """The position of the log that the indexes have reached at least; None before they are loaded."""
        path = f"/{self._names.alias('dictionary')}/_doc/position"
        limit = _POSITION_SECONDS if seconds is None else min(seconds, _POSITION_SECONDS)
        reply = await self._client.request("GET", path, seconds=limit, missing=True)
        source = None if reply is None else reply.get("_source")
        if source is None or "log" not in source or source.get("suspended"):
            return None
        return Position(source["log"], source["seq"], source["batch"])

    def searches(self, kind: Kind, deadline: Deadline, preference: str) -> Searches:
        """The searches of one query for records of `kind`."""
        return Searches(self, kind, deadline, preference, self._limits)

    async def search_all(self, part: Part, bodies: Sequence[Body], deadline: Deadline, preference: str) -> list[Reply]:
        """Run searches of one index at the same time; returns their replies in the same order.

        Searches with the same `preference` run on the same copies of the shards as long as these exist. Raises
        OutOfTime, EngineLoading, and EngineAway if the cluster has no complete result.
        """
        replies: list[Reply] = []
        for at in range(0, len(bodies), self._limits.searches):
            replies += await self._send(part, bodies[at : at + self._limits.searches], deadline, preference)
        return replies

    async def _send(self, part: Part, bodies: Sequence[Body], deadline: Deadline, preference: str) -> list[Reply]:
        while True:
            left = deadline.left()
            header = {
                "index": self._names.alias(part),
                "preference": preference,
                "allow_partial_search_results": False,
                "cancel_after_time_interval": f"{max(1, int(left * 1000))}ms",
            }
            lines = b"".join(b"%s\n%s\n" % (_encode(header), _encode(body)) for body in bodies)
            sent = await self._client.request("POST", "/_msearch", lines, seconds=left + _GRACE_SECONDS)
            replies: list[Reply] = sent["responses"]
            failed = next((reply for reply in replies if "error" in reply), None)
            if failed is None:
                if any(reply["_shards"]["failed"] for reply in replies):
                    raise EngineAway("OpenSearch searched only a part of the shards", retry_after=1)
                return replies
            error = failed["error"]
            if error["type"] == "index_not_found_exception":
                raise EngineLoading("the index is loading")
            if b"task_cancelled_exception" in _encode(error):
                raise deadline.passed()
            reason, causes = str(error.get("reason")), _encode(error).decode()
            refused = refusal("OpenSearch", failed["status"], error["type"], reason, causes)
            if failed["status"] not in BUSY:
                raise refused
            if deadline.left() <= _PAUSE_SECONDS:
                at_present = f"OpenSearch cannot search at present: {error['type']}"
                raise refused if isinstance(refused, EngineAway) else EngineAway(at_present, retry_after=1)
            await asyncio.sleep(_PAUSE_SECONDS)

    async def entries(self, ids: Sequence[str], deadline: Deadline) -> list[Body | None]:
        """The entries of the dictionary with these ids; None for one that does not exist.

        Raises OutOfTime, and EngineAway if the cluster cannot read one of them.
        """
        path = f"/{self._names.alias('dictionary')}/_mget?realtime=false"
        while True:
            seconds = deadline.left() + _GRACE_SECONDS
            reply = await self._client.request("POST", path, {"ids": list(ids)}, seconds=seconds)
            error = next((found["error"] for found in reply["docs"] if "error" in found), None)
            if error is None:
                return [found.get("_source") for found in reply["docs"]]
            if error["type"] == "index_not_found_exception":
                raise EngineLoading("the index is loading")
            if deadline.left() <= _PAUSE_SECONDS:
                at_present = f"OpenSearch cannot read the dictionary at present: {error['type']}"
                raise EngineAway(f"{at_present} ({error.get('reason')})", 1, at_present)
            await asyncio.sleep(_PAUSE_SECONDS)


@dataclass(frozen=True, slots=True)
class Searches:
    """The searches of one query, until its deadline and on the same copies of the shards."""

    client: SearchClient
    kind: Kind
    deadline: Deadline
    preference: str
    limits: SearchLimits

    async def run(self, body: Body, part: Part | None = None) -> Reply:
        """Run a search of the records, or of another index."""
        [reply] = await self.client.search_all(part or self.kind, [body], self.deadline, self.preference)
        return reply

    async def run_all(self, bodies: Sequence[Body]) -> list[Reply]:
        """Run searches of the records at the same time; returns their replies in the same order."""
        return await self.client.search_all(self.kind, bodies, self.deadline, self.preference)

    async def entries(self, ids: Sequence[str]) -> list[Body | None]:
        """The entries of the dictionary with these ids; None for one that does not exist."""
        return await self.client.entries(ids, self.deadline)
