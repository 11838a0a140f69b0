"""The importer: rows through a mapper into batches, and batches into the store, each kept whole or not at all."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterable
from typing import Any, Final

from letrics.collector import no_collection
from letrics.ingest.mapping import CompanyMapper, ContactMapper
from letrics.ingest.rejects import Rejects
from letrics.ingest.report import Report
from letrics.ingest.rows import Row, RowProblem
from letrics.store.base import Tally

TICK: Final = 2048
"""Progress is told at least every so many rows."""

Write = Callable[[list[Any]], Tally]
Tell = Callable[[Report], None]


class TooManyRejects(Exception):
    """As many rows were rejected as the user allows; whole batches written before stay."""


class Importer:
    """Imports files one after another into one report.

    `write` commits a batch of patches; `tell` is called now and then with the report so far; `max_errors` rejects end
    the import with TooManyRejects. After any exception the report says what was kept.
    """

    def __init__(
        self,
        *,
        batch_size: int,
        rejects: Rejects | None = None,
        max_errors: int | None = None,
        tell: Tell | None = None,
    ) -> None:
        self.report = Report()
        self.rejects = rejects or Rejects()
        self._batch_size = batch_size
        self._max_errors = max_errors
        self.tell: Tell = tell or (lambda _: None)

    def run(self, name: str, rows: Iterable[Row], mapper: CompanyMapper | ContactMapper, write: Write) -> Report:
        """Import the rows of one file. Raises what the reader and the store raise, and TooManyRejects."""
        started = time.monotonic()
        before = self.report.seconds
        try:
            with no_collection():  # it runs after each batch instead, over what that has left behind
                self._run(name, rows, mapper, write)
        finally:
            self.report.ignored.update(mapper.ignored)
            self.report.seconds = before + time.monotonic() - started
            self.tell(self.report)
        return self.report

    def _run(self, name: str, rows: Iterable[Row], mapper: CompanyMapper | ContactMapper, write: Write) -> None:
        report, size, read = self.report, self._batch_size, mapper.read
        batch: list[Any] = []
        append = batch.append
        for row in rows:
            report.rows += 1
            members, problem = row.members, row.problem
            if members is not None:
                try:
                    append(read(members))
                except RowProblem as error:
                    problem = error
                else:
                    if len(batch) >= size:
                        self._keep(batch, write)
            if problem is not None:
                self._reject(name, row, problem)
            if not report.rows % TICK:
                self.tell(report)
        if batch:
            self._keep(batch, write)

    def _keep(self, batch: list[Any], write: Write) -> None:
        tally = write(batch)
        self.report.tally.add(tally)
        self.report.kept += len(batch)
        batch.clear()
        gc.collect(0)
        self.tell(self.report)

    def _reject(self, name: str, row: Row, problem: RowProblem) -> None:
        self.rejects.add(name, row, problem)
        self.report.rejected += 1
        if self._max_errors is not None and self.report.rejected >= self._max_errors:
            raise TooManyRejects(f"{name}:{row.line}: stopped after {self.report.rejected:,} rejected rows")
