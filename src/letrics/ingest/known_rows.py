"""Row digests of known contacts, looked up over a separate connection while another process writes."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from letrics.identity.keys import Key
from letrics.store.base import Reader, StoreAway, StoreTooNew


class KnownRows:
    """Looks up the digests of contacts over a connection that the first lookup opens with `open_reader`.

    If the store does not exist or cannot be read now, lookups return no contacts: the rows are then imported as new
    ones are, and the writer reports the error.
    """

    def __init__(self, open_reader: Callable[[], Reader]) -> None:
        self._open_reader = open_reader
        self._reader: Reader | None = None

    def look(self, keys: Sequence[Key]) -> dict[int, int]:
        """Return the digests of the contacts that hold one of `keys`, as `Reader.digests` does."""
        if not keys:
            return {}
        try:
            if self._reader is None:
                self._reader = self._open_reader()
            return self._reader.digests(keys)
        except (StoreAway, StoreTooNew):
            return {}

    def close(self) -> None:
        """Close the connection if it is open."""
        if self._reader is not None:
            self._reader.close()
            self._reader = None
