"""Reads the log on a standby while there is no primary."""

from __future__ import annotations

from collections.abc import Callable

from letrics.store.base import Position, Reader, StoreAway
from letrics.store.current import CurrentStore


class StandbyReader(CurrentStore):
    """Reads with `reader`, which is connected to a standby, as long as the standby has all changes of the index.

    `position` returns the position of the index. `require_outage` raises StoreAway as soon as there is a primary. Every
    method raises StoreAway then, and while there is no index or the standby lacks changes of it: without them, deleted
    records would appear again.
    """

    def __init__(
        self, reader: Reader, position: Callable[[], Position | None], require_outage: Callable[[], None]
    ) -> None:
        super().__init__(lambda: reader, position)
        self._store = reader
        self._require_outage = require_outage

    def _opened(self) -> Reader:
        self._require_outage()
        store, position = super()._opened(), self._position()
        if position is None:
            raise StoreAway("no server accepts writes, and there is no index yet that a standby can be compared with")
        if not store.has_batch(position):
            raise StoreAway(f"no server accepts writes, and the standby has not yet received change {position.seq:,}")
        return store
