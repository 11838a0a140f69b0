"""The store during an import."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from letrics.cli.context import CliSession
from letrics.cli.interrupt import Shield
from letrics.identity.patches import Tally
from letrics.ingest.importer import Write
from letrics.store.import_record import ImportStart, ImportStatus

if TYPE_CHECKING:
    from letrics.identity.encoded_patches import Again


class ImportStore:
    """Writes batches to the store, as parts of one import per file. An interrupt waits until the current batch is
    committed.

    Opens the store at once, so that its errors are reported before any file is read. With `dry_run`, opens and writes
    nothing. `ids` are the imports, in order.
    """

    def __init__(self, session: CliSession, shield: Shield, dry_run: bool, report_seconds: float = 1.0) -> None:
        self._shield = shield
        self._report_seconds = report_seconds
        self._reported = 0.0
        self._store = None if dry_run else session.open_store(create=True)
        self.ids: list[int] = []

    def begin(self, start: ImportStart) -> Write:
        """Begin the import of a file; returns the function that writes its batches."""
        store = self._store
        if store is None:
            return lambda _, __: Tally()
        id = self._shield.hold(lambda: store.start_import(start))
        self.ids.append(id)

        def write(batch: list[Any], again: Again | None) -> Tally:
            if start.kind == "companies":
                return self._shield.hold(lambda: store.put_companies(batch, of_import=id))
            return self._shield.hold(lambda: store.put_contacts(batch, again, of_import=id))

        return write

    def report(self, facts: Callable[[], dict[str, Any]]) -> None:
        """Report the progress of the current file, at most once in `report_seconds`."""
        if self._store is not None and self.ids and time.monotonic() - self._reported >= self._report_seconds:
            self._store.update_import(self.ids[-1], "running", facts())
            self._reported = time.monotonic()

    def end(self, status: ImportStatus, report: dict[str, Any]) -> None:
        """End the import of the current file."""
        if self._store is not None:
            self._store.update_import(self.ids[-1], status, report)

    def close(self) -> None:
        """Close the store if it is open. Raises StoreReplaced if it is not the one at its path any more."""
        store, self._store = self._store, None
        if store is not None:
            with store:
                store.position()
