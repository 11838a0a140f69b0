"""Chooses the server that a connection for reading uses: the primary or, while there is none, a standby."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from typing import Final, TypeVar

from letrics.store.base import StoreAway
from letrics.store.connection_threads import Closable
from letrics.store.postgres.away import NoPrimary
from letrics.store.postgres.server_address import PostgresAddress

_log: Final = logging.getLogger("letrics.store.standby")

_SEARCH_SECONDS: Final = 0.2
"""Seconds between two attempts to find the primary while a standby is read."""
_UNUSED_SECONDS: Final = 60.0
"""Seconds without a use of the standby after which no primary is looked for."""

_Connection = TypeVar("_Connection")


class StandbyFallback:
    """Opens connections that read `what` from the database at `url`.

    A standby is used only if the URL lists several hosts and no `target_session_attrs`, and only while none of them is
    a primary that can be reached. Then a thread looks for the primary with `find_primary`, which connects to it or
    raises StoreAway. Used by several threads. `close` ends the search.
    """

    def __init__(self, url: str, what: str, find_primary: Callable[[], Closable]) -> None:
        self._url = url
        self._what = what
        self._find_primary = find_primary
        self._lock = threading.Lock()
        self._searching: threading.Thread | None = None
        self._used = 0.0
        self._closed = threading.Event()

    def open(self, primary: Callable[[], _Connection], standby: Callable[[], _Connection]) -> _Connection:
        """A connection that `primary` opens, or `standby` if there is no primary. Raises the StoreAway of the primary
        if there is neither."""
        away: StoreAway | None = None
        if self._searching is None:
            try:
                return primary()
            except NoPrimary as error:
                if not PostgresAddress(self._url).may_have_standby:
                    raise
                away = error
        try:
            opened = standby()
        except StoreAway as error:
            raise (error if away is None else away) from None
        self._search()
        return opened

    def require_outage(self) -> None:
        """Raise StoreAway if the primary was found again: connections to a standby are closed then."""
        self._used = time.monotonic()
        if self._searching is None:
            raise StoreAway(f"{self._what} are no longer read from a standby: there is a server that accepts writes")

    def close(self) -> None:
        """Stop looking for the primary."""
        self._closed.set()

    def _search(self) -> None:
        self._used = time.monotonic()
        with self._lock:
            if self._searching is None:
                _log.warning("no server accepts writes: %s are read from a standby", self._what)
                self._searching = threading.Thread(target=self._search_until_found, name="primary", daemon=True)
                self._searching.start()

    def _search_until_found(self) -> None:
        try:
            while time.monotonic() < self._used + _UNUSED_SECONDS and not self._closed.wait(_SEARCH_SECONDS):
                if self._is_found():
                    _log.warning("a server accepts writes again: %s are read from it", self._what)
                    return
        finally:
            self._searching = None

    def _is_found(self) -> bool:
        try:
            self._find_primary().close()
        except NoPrimary:
            return False
        except StoreAway:
            return True  # it refuses this user, for example
        return True
