"""Importer: maps rows to patches and commits them to the store in batches. Each batch is one transaction."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final

from msgspec.structs import replace

from letrics.collector import no_collection
from letrics.identity.encoded_patches import KnownContact
from letrics.identity.patches import Tally
from letrics.ingest.company_converter import CompanyConverter
from letrics.ingest.company_mapper import CompanyMapper
from letrics.ingest.contact_converter import ContactConverter
from letrics.ingest.contact_mapper import ContactMapper
from letrics.ingest.conversion import converter_for
from letrics.ingest.parts import ROWS, Part, Refused, Warned, read_parts
from letrics.ingest.rejects import Reject, Rejects
from letrics.ingest.report import Report
from letrics.ingest.rows import DamagedFile, Rest, Rows
from letrics.plurals import counted

FIRST: Final = 20_000
"""The maximum number of rows of a file's first batch.

Each following batch is twice as large, up to the configured size, so that writing starts soon after reading.
"""

BATCH_BYTES: Final = 128 << 20
"""The number of file bytes after which a batch is written, even if it has few rows."""

AreForgotten = Callable[[list[str]], list[bool]]
"""Finds out which texts of rows are of people who were forgotten."""
Write = Callable[[list[Any]], Tally]
"""Commits a batch of encoded patches."""
Tell = Callable[[Report], None]
"""Called with the report so far, to show progress."""
MakeConverter = Callable[[CompanyMapper | ContactMapper], CompanyConverter | ContactConverter]
"""Makes the converter for the rows of a mapper, as `converter_for` does."""


class TooManyRejects(Exception):
    """The number of rejected rows reached the user's limit. Batches committed before stay in the store."""


class Importer:
    """Imports files one after another and counts them in one report.

    `tell` is called with the report after each batch, and after each part that does not complete a batch. The import
    raises TooManyRejects after `max_errors` rejected rows. After an exception, the report shows what was stored.
    `judged_rows` is the number of rows that the first batch of a file has at least, since its writer judges them. The
    text of a row is not reported if it is of a person for whom `are_forgotten` is true. `max_rows` returns the
    maximum number of rows of the next batch, None if any number is right. It is called once per batch.
    """

    def __init__(
        self,
        *,
        batch_size: int,
        batch_bytes: int = BATCH_BYTES,
        rejects: Rejects | None = None,
        max_errors: int | None = None,
        tell: Tell | None = None,
        first_batch_size: int = FIRST,
        make_converter: MakeConverter = converter_for,
    ) -> None:
        self.report = Report()
        self.rejects = rejects or Rejects()
        self._batch_size = self._due = batch_size
        self._batch_bytes = batch_bytes
        self._mapped = self._waiting = 0
        self._max_errors = max_errors
        self._first_batch_size = first_batch_size
        self._make_converter = make_converter
        self.judged_rows = 0
        self.max_rows: Callable[[], int | None] = lambda: None
        self.are_forgotten: AreForgotten = lambda texts: [False] * len(texts)
        self.tell: Tell = tell or (lambda _: None)

    @property
    def part_rows(self) -> int:
        """The maximum number of rows of a part."""
        return min(ROWS, self._batch_size)

    @property
    def parts_ahead(self) -> int:
        """The number of parts that another process may read ahead: one batch."""
        return self._batch_size // ROWS + 2

    def run(
        self,
        name: str,
        rows: Iterable[Rows],
        mapper: CompanyMapper | ContactMapper,
        write: Write,
        read: Callable[[], int] = int,
        rest: Callable[[], Rest] = Rest,
    ) -> Report:
        """Import the rows of one file. `read` returns the read position in the file, and `rest` what the reader reports
        after the last row.

        Raises TooManyRejects and the exceptions of the reader and the store.
        """
        reading = self._make_converter(mapper)
        return self._run_parts(name, read_parts(rows, reading, self.part_rows, read, rest), reading, write)

    def run_parts(
        self,
        name: str,
        parts: Iterable[Part[Any]],
        mapper: CompanyMapper | ContactMapper,
        write: Write,
        is_behind: Callable[[], bool] = bool,
    ) -> Report:
        """Import the parts of one file, which another process maps as `mapper` would. Raises as `run` does.

        While that process `is_behind`, smaller batches are written, because waiting for it gains nothing.
        """
        return self._run_parts(name, parts, self._make_converter(mapper), write, is_behind)

    def _run_parts(
        self,
        name: str,
        parts: Iterable[Part[Any]],
        reading: CompanyConverter | ContactConverter,
        write: Write,
        is_behind: Callable[[], bool] = bool,
    ) -> Report:
        started = time.monotonic()
        before = self.report.seconds
        self.report.read = 0
        self._due = max(min(self._max_rows(), self._first_batch_size), self.judged_rows)
        self._mapped = self._waiting = 0
        try:
            with no_collection():  # a collection of the youngest generation runs after each batch instead
                self._run(
                    name, (replace(part, patches=reading.for_store(part.patches)) for part in parts), write, is_behind
                )
        finally:
            self.report.ignored.update(reading.mapper.ignored)
            self.report.seconds = before + time.monotonic() - started
            self.tell(self.report)
        return self.report

    def _run(self, name: str, parts: Iterable[Part[Any]], write: Write, is_behind: Callable[[], bool]) -> None:
        batch: list[Any] = []
        least = max(self._first_batch_size, self.judged_rows)
        for part in parts:
            kept = self.report.kept
            self.report.read = part.read
            self.report.ignored.update(dict.fromkeys(part.ignored))
            self._take(name, part, batch, write)
            self.report.skipped += part.skipped
            self.report.notes += part.notes
            if part.damage is not None:
                raise DamagedFile(part.damage)
            if len(batch) >= least and is_behind():
                self._keep(batch, len(batch), write)
            if self.report.kept == kept:
                self.tell(self.report)
        if batch:
            self._keep(batch, len(batch), write)

    def _take(self, name: str, part: Part[Any], batch: list[Any], write: Write) -> None:
        report, before, place = self.report, self.report.rows, 0
        hidden = self._hidden([*part.warned, *part.refused])
        for row in part.warned:
            self._warn(name, row, row.raw in hidden)
        for refused in part.refused:
            report.rows = before + refused.row
            self._append(part.patches[place : refused.place], batch, write)
            place = refused.place
            self._reject(name, refused, refused.raw in hidden)
        report.rows = before + part.rows
        self._append(part.patches[place:] if place else part.patches, batch, write)
        self._waiting += part.size
        if self._waiting >= self._batch_bytes and batch:
            self._keep(batch, len(batch), write)

    def _append(self, patches: list[Any], batch: list[Any], write: Write) -> None:
        batch += patches
        self._mapped += sum(type(patch) is not KnownContact for patch in patches)
        while len(batch) >= self._due:
            self._keep(batch, self._due, write)
            self._due = min(self._max_rows(), 2 * self._due)
        if (
            not self._mapped and len(batch) >= self._first_batch_size
        ):  # only known contacts, which need no write: waiting gains nothing
            self._keep(batch, len(batch), write)

    def _max_rows(self) -> int:
        """The maximum number of rows of the next batch."""
        limit = self.max_rows()
        return self._batch_size if limit is None else min(self._batch_size, limit)

    def _keep(self, batch: list[Any], count: int, write: Write) -> None:
        """Write the first `count` patches of `batch` and remove them from it."""
        tally = write(batch[:count])
        self.report.tally.add(tally)
        self.report.kept += count
        del batch[:count]
        self._waiting = 0
        self._mapped = sum(type(patch) is not KnownContact for patch in batch)
        gc.collect(0)
        self.tell(self.report)

    def _hidden(self, rows: Sequence[Warned | Refused]) -> set[str]:
        """The texts of those rows that are of people who were forgotten."""
        texts = [row.raw for row in rows]
        return {text for text, hide in zip(texts, self.are_forgotten(texts), strict=True) if hide} if texts else set()

    def _warn(self, name: str, row: Warned, hide: bool) -> None:
        if hide:  # the row itself is counted as one of a forgotten person
            return
        for warning in row.warnings:
            self.report.warnings.add(name, row.line, warning)
            self.rejects.add(Reject(name, row.line, warning.field, warning.reason, row.raw, "warning"))

    def _reject(self, name: str, refused: Refused, hide: bool) -> None:
        if hide:
            self.rejects.add(Reject(name, refused.line, None, "of a person who was forgotten", ""))
        else:
            self.rejects.add(Reject(name, refused.line, refused.field, refused.reason, refused.raw))
        self.report.rejected += 1
        if self._max_errors is not None and self.report.rejected >= self._max_errors:
            raise TooManyRejects(
                f"{name}:{refused.line}: stopped after {counted(self.report.rejected, 'rejected row')}"
            )
