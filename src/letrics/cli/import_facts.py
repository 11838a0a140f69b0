"""The figures of one file of an import, for its record in the log."""

from __future__ import annotations

import time
from typing import Any

import msgspec

from letrics.ingest.rejects import Rejects
from letrics.ingest.report import Report
from letrics.ingest.source import Source


class FileFacts:
    """What a report, which is that of all files of a command, says about the file that is read from now on.

    `problem` says why the import of the file failed.
    """

    def __init__(self, report: Report, rejects: Rejects, opened: Source) -> None:
        self._report = report
        self._rejects = rejects
        self._opened = opened
        self._started = time.monotonic()
        self._rows, self._rejected, self._warned = report.rows, report.rejected, report.warnings.count
        self._kept = report.kept
        self._columns = {name: column.count for name, column in report.warnings.columns.items()}
        self._notes = len(report.notes)
        self.problem: str | None = None

    def progress(self) -> dict[str, Any]:
        """The number of rows so far, of those rejected, of cells left out and of rows stored, and the position."""
        report = self._report
        return {
            "rows": report.rows - self._rows, "rejected": report.rejected - self._rejected,
            "warned": report.warnings.count - self._warned, "kept": report.kept - self._kept,
            "read": report.read, "total": self._opened.total,
        }  # fmt: skip

    def result(self) -> dict[str, Any]:
        """The final figures: also the duration, the first rejected rows, the warnings by column, and notices."""
        name = self._opened.name
        warnings = {
            column: {
                "count": counted["count"] - self._columns.get(column, 0),
                "examples": [example for example in counted["examples"] if example["file"] == name],
            }
            for column, counted in self._report.warnings.plain().items()
            if counted["count"] > self._columns.get(column, 0)
        }
        first = [msgspec.to_builtins(reject) for reject in self._rejects.first if reject.file == name]
        notes = self._report.notes[self._notes :]
        failed = {} if self.problem is None else {"problem": self.problem}
        seconds = round(time.monotonic() - self._started, 3)
        details = {"seconds": seconds, "first_rejects": first, "warnings": warnings, "notes": notes}
        return self.progress() | details | failed
