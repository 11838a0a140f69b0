"""Accounts as a standby has them, for looking up tokens and sessions while there is no primary."""

from __future__ import annotations

from collections.abc import Callable

from letrics.accounts.shared_database import NotifiedConnection, SeenVersion, SharedAccounts
from letrics.store.base import StoreAway


class StandbyAccounts(SharedAccounts):
    """Accounts over a connection to a standby. It sends no notifications, so `version` is asked at each use.

    `version` raises StoreAway as `require_outage` does once there is a primary, and unless the standby has the version
    that was last `seen` on the primary: with another one, a revoked token could be valid again.
    """

    def __init__(self, connection: NotifiedConnection, seen: SeenVersion, require_outage: Callable[[], None]) -> None:
        super().__init__(connection, seen=seen)
        self._require_outage = require_outage

    def version(self) -> object:
        self._require_outage()
        version = self._read_version()
        if version != self._seen.version:
            raise StoreAway(
                "no server accepts writes, and the standby has other users and tokens than the last primary"
            )
        return version

    @property
    def is_standby(self) -> bool:
        return True

    def is_notified(self) -> bool:
        return True

    def _listen(self) -> None:
        """Do nothing: a standby refuses it."""
