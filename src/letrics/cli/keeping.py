"""The store as an import uses it: open while batches are written, and closed when the process is about to fork."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from letrics.cli.context import Session
from letrics.cli.interrupt import Shield
from letrics.ingest.importer import Apart, Write
from letrics.records import Kind
from letrics.store.base import Position, StoreReplaced, Tally

if TYPE_CHECKING:
    from letrics.ingest.reading import Look
    from letrics.store.packed import Again
    from letrics.store.sqlite import SqliteStore


class Keeping:
    """Keeps batches, each in whole before an interrupt is heard. With `dry_run` nothing is opened and nothing kept.

    The store is opened at once, so that what is wrong with it is told before anything is read."""

    def __init__(self, session: Session, shield: Shield, dry_run: bool) -> None:
        self._session = session
        self._shield = shield
        self._dry_run = dry_run
        self._store: SqliteStore | None = None
        self._last: Position | None = None
        if not dry_run:
            self._opened()

    def writer(self, kind: Kind) -> Write:
        """What writes batches of a kind."""

        def write(batch: list[Any], again: Again | None) -> Tally:
            if self._dry_run:
                return Tally()
            store = self._opened()
            if kind == "companies":
                return self._shield.hold(lambda: store.put_companies(batch))
            return self._shield.hold(lambda: store.put_contacts(batch, again))

        return write

    def apart(self, kind: Kind) -> Apart:
        """What closes the store, until the next batch is written, and tells how another process may look into it."""

        def close() -> Look | None:
            from letrics.store.sqlite.known import KnownRows

            self.close()
            return None if self._dry_run or kind == "companies" else KnownRows(self._session.home.database).look

        return close

    def close(self) -> None:
        """Close the store, where it is open."""
        if self._store is not None:
            try:
                self._last = self._store.position()
            finally:
                self._store.close()
                self._store = None

    def _opened(self) -> SqliteStore:
        if self._store is None:
            path = self._session.home.database
            if self._last is not None and not path.exists():
                raise StoreReplaced(f"{path} was removed during the import")
            self._store = self._session.open_store(create=self._last is None)
            if self._last is not None and not self._store.has_batch(self._last):
                raise StoreReplaced(f"{path} was replaced by another database during the import")
        return self._store
