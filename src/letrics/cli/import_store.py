"""The store during an import: open while batches are written, closed before the process forks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from letrics.cli.context import CliSession
from letrics.cli.interrupt import Shield
from letrics.identity.patches import Tally
from letrics.ingest.importer import Apart, Write
from letrics.ingest.known_rows import KnownRows
from letrics.records import Kind
from letrics.store.base import Position, Store, StoreReplaced

if TYPE_CHECKING:
    from letrics.identity.encoded_patches import Again
    from letrics.ingest.conversion import Look


class ImportStore:
    """Writes batches to the store. An interrupt waits until the current batch is committed.

    Opens the store at once, so that its errors are reported before any file is read. With `dry_run`, opens and writes
    nothing.
    """

    def __init__(self, session: CliSession, shield: Shield, dry_run: bool) -> None:
        self._session = session
        self._shield = shield
        self._dry_run = dry_run
        self._store: Store | None = None
        self._last: Position | None = None
        if not dry_run:
            self._opened()

    def writer(self, kind: Kind) -> Write:
        """Return the function that writes batches of a kind."""

        def write(batch: list[Any], again: Again | None) -> Tally:
            if self._dry_run:
                return Tally()
            store = self._opened()
            if kind == "companies":
                return self._shield.hold(lambda: store.put_companies(batch))
            return self._shield.hold(lambda: store.put_contacts(batch, again))

        return write

    def apart(self, kind: Kind) -> Apart:
        """Return the function that closes the store before a fork.

        It returns the function with which another process looks up known rows, or None if that does not apply. The next
        batch opens the store again.
        """

        def close() -> Look | None:
            self.close()
            return None if self._dry_run or kind == "companies" else KnownRows(self._session.open_reader).look

        return close

    def close(self) -> None:
        """Close the store if it is open."""
        if self._store is not None:
            try:
                self._last = self._store.position()
            finally:
                self._store.close()
                self._store = None

    def _opened(self) -> Store:
        if self._store is None:
            path = self._session.home.database
            if self._last is not None and not self._session.backends().store.exists():
                raise StoreReplaced(f"{path} was removed during the import")
            self._store = self._session.open_store(create=self._last is None)
            if self._last is not None and not self._store.has_batch(self._last):
                raise StoreReplaced(f"{path} was replaced by another database during the import")
        return self._store
