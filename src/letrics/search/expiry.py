"""Deletes contacts that have not changed for longer than the user keeps them, once a day, in one of all servers."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Callable
from typing import Final

from letrics.engines.base import EngineAway, EngineLoading, OutOfTime, SearchEngine, SearchRequest, Window
from letrics.normalize.time import DAY_MS, format_time, now, parse_time
from letrics.plurals import counted
from letrics.query import Query, parse_request
from letrics.store.base import Position, Store, StoreAway

CHECK_SECONDS: Final = 600.0
"""Seconds between two checks whether the deletions of a day are due."""
_LEASE: Final = "retention"
"""The lease of the server that deletes the contacts of a day. It is not released before the day is over."""
_LEASE_SECONDS: Final = 86_000.0
"""A little less than a day, so that the time of day stays the same."""
_WINDOW: Final = 1_000
"""Contacts that are deleted together."""

_log: Final = logging.getLogger("letrics.retention")


def expiry(days: int, moment: str | None = None) -> str:
    """The last time of change of contacts whose time is over at a moment (now), if they stay for this many days."""
    return format_time(parse_time(moment or now()) - days * DAY_MS)


def expired(days: int) -> Query:
    """The query for the contacts whose time is over."""
    return parse_request("contacts", {"contact_updated_before": expiry(days)}, paging=False).query


class Retention:
    """Deletes the contacts that have not changed for `days` days. Does nothing if that is 0."""

    def __init__(self, engine: SearchEngine, open_store: Callable[[], Store], days: int) -> None:
        self._engine = engine
        self._open_store = open_store
        self._days = days

    async def run(self, seconds: float = CHECK_SECONDS) -> None:
        """Delete what is due, for ever."""
        while self._days:
            try:
                await self.apply()
            except (EngineAway, EngineLoading, OutOfTime, StoreAway) as error:
                _log.warning("contacts whose time is over are not deleted yet: %s", error)
            await asyncio.sleep(seconds)

    async def apply(self) -> int | None:
        """Delete the contacts whose time is over; returns their number. None if a server has done so within a day."""
        holder = secrets.token_hex(8)
        if not await asyncio.to_thread(self._take_lease, holder):
            return None
        deleted = 0
        try:
            query, after = expired(self._days), None
            while True:
                hits = await self._engine.search(SearchRequest(query, Window(after=after, size=_WINDOW)))
                if hits.nums:
                    deleted += await asyncio.to_thread(self._delete, hits.nums, hits.position)
                    after = hits.nums[-1]
                if not hits.more or not hits.nums:
                    break
        except BaseException:
            await asyncio.to_thread(self._release_lease, holder)
            raise
        _log.info("deleted %s not changed for %s", counted(deleted, "contact"), counted(self._days, "day"))
        return deleted

    def _take_lease(self, holder: str) -> bool:
        with self._open_store() as store:
            return store.acquire_lease(_LEASE, holder, _LEASE_SECONDS)

    def _release_lease(self, holder: str) -> None:
        with self._open_store() as store:
            store.release_lease(_LEASE, holder)

    def _delete(self, nums: list[int], position: Position | None) -> int:
        """Delete contacts, except those that have changed since the search."""
        with self._open_store() as store:
            return store.delete("contacts", nums, judged_at=position).records
