"""The store during an import."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import msgspec

from letrics.cli.context import CliSession
from letrics.cli.interrupt import Shield
from letrics.identity.patches import Tally
from letrics.ingest.importer import Write
from letrics.normalize.time import now
from letrics.store.import_process import PROCESS, is_interrupted, name_process
from letrics.store.import_record import ImportRecord, ImportStart, ImportStatus
from letrics.store.name_changes import Judge, ManyNamesChange, NameChanges, refuse_many

_LOOKED_BACK = 100
"""The number of latest imports among which an interrupted one is looked for."""
Confirm = Callable[[NameChanges], None]
"""Asks the user to confirm changes of names. Raises an exception if they are not confirmed."""


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
        self._pace = None if self._store is None else session.pace(self._store)
        self._process = {PROCESS: name_process()}
        self.ids: list[int] = []

    def begin(self, start: ImportStart, confirm: Confirm | None = None) -> Write:
        """Begin the import of a file; returns the function that writes its batches.

        Nothing is written before `confirm` has returned, if the first batch changes many names of stored records.
        """
        store, pace = self._store, self._pace
        if store is None or pace is None:
            return lambda _: Tally()
        start = msgspec.structs.replace(start, report=self._process)
        id = self._shield.hold(lambda: store.start_import(start))
        self.ids.append(id)

        def put(batch: list[Any], judge: Judge | None) -> Tally:
            if start.kind == "companies":
                return self._shield.hold(lambda: store.put_companies(batch, id, judge))
            return self._shield.hold(lambda: store.put_contacts(batch, id, judge))

        def write(batch: list[Any]) -> Tally:
            nonlocal confirm
            pace.wait()
            asks, confirm = confirm, None
            if asks is None:
                return put(batch, None)
            try:
                return put(batch, refuse_many)
            except ManyNamesChange as error:
                asks(error.changes)
                return put(batch, None)

        return write

    def max_rows(self) -> int | None:
        """The maximum number of rows of the next batch; None if any number is right."""
        return None if self._pace is None else self._pace.max_rows()

    def are_forgotten(self, texts: list[str]) -> list[bool]:
        """Whether each text is of a person who was forgotten. No one in a dry run, which does not open the store."""
        return [False] * len(texts) if self._store is None else self._store.mentions_forgotten(texts)

    def find_interrupted(self, start: ImportStart) -> ImportRecord | None:
        """The interrupted import that this one continues: the last one of a file with the same name, kind and source.
        None if that one has ended otherwise, or there is none."""
        if self._store is None:
            return None
        for record in self._store.imports(_LOOKED_BACK, upserts=False):
            if (record.file, record.kind, record.source) == (start.file, start.kind, start.source):
                return record if is_interrupted(record, now()) else None
        return None

    def has_records(self) -> bool:
        """Whether there are records whose names an import could change."""
        if self._store is None:
            return False
        counts = self._store.counts()
        return counts.companies + counts.contacts > 0

    def report(self, facts: Callable[[], dict[str, Any]]) -> None:
        """Report the progress of the current file, at most once in `report_seconds`."""
        if self._store is not None and self.ids and time.monotonic() - self._reported >= self._report_seconds:
            self._store.update_import(self.ids[-1], "running", facts() | self._process)
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
