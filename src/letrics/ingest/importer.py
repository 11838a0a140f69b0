"""Importer: maps rows to patches and commits them to the store in batches. Each batch is one transaction."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import closing
from functools import partial
from itertools import islice
from typing import Any, Final

from letrics.collector import no_collection
from letrics.identity.encoded_patches import Again, Claim
from letrics.identity.patches import Tally
from letrics.ingest.conversion import CompanyRows, ContactRows, Look, rows_for
from letrics.ingest.mapping import CompanyMapper, ContactMapper
from letrics.ingest.parts import ROWS, Part, Refused, read_parts
from letrics.ingest.reader_process import can_fork
from letrics.ingest.rejects import Reject, Rejects
from letrics.ingest.report import Report
from letrics.ingest.rows import DamagedFile, FileRow
from letrics.plurals import counted
from letrics.records import Kind

SMALL: Final = 1
"""The number of parts read in this process before the reader process takes over. Most files are too small for one."""
FIRST: Final = 20_000
"""The maximum number of rows of a file's first batch.

Each following batch is twice as large, up to the configured size, so that writing starts soon after reading.
"""

BATCH_BYTES: Final = 128 << 20
"""The number of file bytes after which a batch is written, even if it has few rows."""

Write = Callable[[list[Any], Again | None], Tally]
"""Commits a batch of encoded patches. The second argument maps the row of a claim that no longer holds."""
Apart = Callable[[], Look | None]
"""Called before the fork. Closes the database connections, which must not be open in two processes, and returns a
function with which the reader process looks up rows."""
Tell = Callable[[Report], None]
"""Called with the report so far, to show progress."""
ReadAhead = Callable[[Kind, Iterator[Part[Any]], int, Callable[[], None]], Iterator[Part[Any]]]
"""Reads the parts of a file ahead of their use, as `read_in_child` does."""
MakeRows = Callable[[CompanyMapper | ContactMapper], CompanyRows | ContactRows]
"""Makes the converter for the rows of a mapper, as `rows_for` does."""
_Put = Callable[[list[Any]], Tally]
"""Commits a batch of encoded patches."""


class TooManyRejects(Exception):
    """The number of rejected rows reached the user's limit. Batches committed before stay in the store."""


class Importer:
    """Imports files one after another and counts them in one report.

    `tell` is called with the report after each batch, and after each part that does not complete a batch. The import
    raises TooManyRejects after `max_errors` rejected rows. After an exception, the report shows what was stored. With
    `read_ahead`, a separate process reads long files if the machine has a second core.
    """

    def __init__(
        self,
        *,
        batch_size: int,
        batch_bytes: int = BATCH_BYTES,
        rejects: Rejects | None = None,
        max_errors: int | None = None,
        tell: Tell | None = None,
        read_ahead: ReadAhead | None = None,
        first_batch_size: int = FIRST,
        make_rows: MakeRows = rows_for,
    ) -> None:
        self.report = Report()
        self.rejects = rejects or Rejects()
        self._batch_size = self._due = batch_size
        self._batch_bytes = batch_bytes
        self._mapped = self._waiting = 0
        self._max_errors = max_errors
        self._read_ahead = read_ahead if can_fork() else None
        self._first_batch_size = first_batch_size
        self._make_rows = make_rows
        self.tell: Tell = tell or (lambda _: None)

    def run(
        self,
        name: str,
        rows: Iterable[FileRow],
        mapper: CompanyMapper | ContactMapper,
        write: Write,
        read: Callable[[], int] = int,
        apart: Apart = lambda: None,
    ) -> Report:
        """Import the rows of one file. `read` returns the read position in the file.

        Raises TooManyRejects and the exceptions of the reader and the store.
        """
        started = time.monotonic()
        before = self.report.seconds
        self.report.read = 0
        self._due, self._mapped, self._waiting = min(self._batch_size, self._first_batch_size), 0, 0
        try:
            with no_collection():  # a collection of the youngest generation runs after each batch instead
                reading = self._make_rows(mapper)
                parts = read_parts(rows, reading, min(ROWS, self._batch_size), read)
                again = reading.again if isinstance(reading, ContactRows) else None
                with closing(self._ahead(reading, parts, apart)) as ahead:
                    self._run(name, ahead, lambda batch: write(batch, again))
        finally:
            self.report.ignored.update(mapper.ignored)
            self.report.seconds = before + time.monotonic() - started
            self.tell(self.report)
        return self.report

    def _ahead(
        self, reading: CompanyRows | ContactRows, parts: Iterator[Part[Any]], apart: Apart
    ) -> Generator[Part[Any], None, None]:
        """Yield the parts: the first ones read here, the rest by the reader process, up to one batch ahead."""
        read_ahead = self._read_ahead
        yield from islice(parts, SMALL) if read_ahead else parts
        if read_ahead and (last := next(parts, None)) is not None:
            yield last
            look = apart()
            begin = (lambda: None) if look is None else partial(reading.know, look)
            yield from read_ahead(reading.kind, parts, self._batch_size // ROWS + 2, begin)

    def _run(self, name: str, parts: Iterator[Part[Any]], write: _Put) -> None:
        batch: list[Any] = []
        for part in parts:
            kept = self.report.kept
            self.report.read = part.read
            self.report.ignored.update(dict.fromkeys(part.ignored))
            self._take(name, part, batch, write)
            if part.damage is not None:
                raise DamagedFile(part.damage)
            if self.report.kept == kept:
                self.tell(self.report)
        if batch:
            self._keep(batch, len(batch), write)

    def _take(self, name: str, part: Part[Any], batch: list[Any], write: _Put) -> None:
        report, before, place = self.report, self.report.rows, 0
        for refused in part.refused:
            report.rows = before + refused.row
            self._append(part.patches[place : refused.place], batch, write)
            place = refused.place
            self._reject(name, refused)
        report.rows = before + part.rows
        self._append(part.patches[place:] if place else part.patches, batch, write)
        self._waiting += part.size
        if self._waiting >= self._batch_bytes and batch:
            self._keep(batch, len(batch), write)

    def _append(self, patches: list[Any], batch: list[Any], write: _Put) -> None:
        batch += patches
        self._mapped += sum(type(patch) is not Claim for patch in patches)
        while len(batch) >= self._due:
            self._keep(batch, self._due, write)
            self._due = min(self._batch_size, 2 * self._due)
        if (
            not self._mapped and len(batch) >= self._first_batch_size
        ):  # only claims, which need no write: waiting gains nothing
            self._keep(batch, len(batch), write)

    def _keep(self, batch: list[Any], count: int, write: _Put) -> None:
        """Write the first `count` patches of `batch` and remove them from it."""
        tally = write(batch[:count])
        self.report.tally.add(tally)
        self.report.kept += count
        del batch[:count]
        self._waiting = 0
        self._mapped = sum(type(patch) is not Claim for patch in batch)
        gc.collect(0)
        self.tell(self.report)

    def _reject(self, name: str, refused: Refused) -> None:
        self.rejects.add(Reject(name, refused.line, refused.field, refused.reason, refused.raw))
        self.report.rejected += 1
        if self._max_errors is not None and self.report.rejected >= self._max_errors:
            raise TooManyRejects(
                f"{name}:{refused.line}: stopped after {counted(self.report.rejected, 'rejected row')}"
            )
