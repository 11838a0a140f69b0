"""The store during an import."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from letrics.cli.context import CliSession
from letrics.cli.interrupt import Shield
from letrics.identity.patches import Tally
from letrics.ingest.importer import Write
from letrics.records import Kind

if TYPE_CHECKING:
    from letrics.identity.encoded_patches import Again


class ImportStore:
    """Writes batches to the store. An interrupt waits until the current batch is committed.

    Opens the store at once, so that its errors are reported before any file is read. With `dry_run`, opens and writes
    nothing.
    """

    def __init__(self, session: CliSession, shield: Shield, dry_run: bool) -> None:
        self._shield = shield
        self._store = None if dry_run else session.open_store(create=True)

    def writer(self, kind: Kind) -> Write:
        """Return the function that writes batches of a kind."""

        def write(batch: list[Any], again: Again | None) -> Tally:
            store = self._store
            if store is None:
                return Tally()
            if kind == "companies":
                return self._shield.hold(lambda: store.put_companies(batch))
            return self._shield.hold(lambda: store.put_contacts(batch, again))

        return write

    def close(self) -> None:
        """Close the store if it is open. Raises StoreReplaced if it is not the one at its path any more."""
        store, self._store = self._store, None
        if store is not None:
            with store:
                store.position()
