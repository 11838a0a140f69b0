"""Accounts as a standby has them, for looking up tokens and sessions while there is no primary."""

from __future__ import annotations

from collections.abc import Callable

from letrics.accounts.shared_database import NotifiedConnection, SeenChanges, SharedAccounts
from letrics.store.base import StoreAway


class StandbyAccounts(SharedAccounts):
    """Accounts over a connection to a standby. It sends no notifications, so `version` is asked at each use.

    `version` raises StoreAway as `require_outage` does once there is a primary, and unless the standby has the changes
    that were `seen` on the primary: without them, a revoked token would be valid again.
    """

    def __init__(self, connection: NotifiedConnection, seen: SeenChanges, require_outage: Callable[[], None]) -> None:
        super().__init__(connection, seen=seen)
        self._require_outage = require_outage

    def version(self) -> object:
        self._require_outage()
        version, number = self._read_version()
        if self._seen.number is None or number < self._seen.number:
            raise StoreAway("no server accepts writes, and the standby may lack changes of users and tokens")
        return version

    def is_notified(self) -> bool:
        return True

    def _listen(self) -> None:
        """Do nothing: a standby refuses it."""
