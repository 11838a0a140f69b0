"""Counts of an import."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from letrics.identity.patches import Tally
from letrics.ingest.cell_warnings import WarningCounts


@dataclass(slots=True)
class Report:
    """Report of an import. `rows` is the number of rows read, and `kept` the number of rows in committed batches.
    `skipped` is the number of lines that are not rows: blank lines and footers.

    `tally` counts records, and `warnings` the cells that were left out of imported rows. `imports` are the ids under
    which the import is recorded, one per file. `read` is the read position in the current file, in the unit of its
    reader.
    """

    rows: int = 0
    kept: int = 0
    rejected: int = 0
    skipped: int = 0
    read: int = 0
    tally: Tally = field(default_factory=Tally)
    warnings: WarningCounts = field(default_factory=WarningCounts)
    ignored: dict[str, None] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    mappings: list[dict[str, Any]] = field(default_factory=list)
    seconds: float = 0.0
    imports: list[int] = field(default_factory=list)

    @property
    def changes(self) -> int:
        """The number of records that the import created or changed."""
        return self.tally.changes

    def plain(self) -> dict[str, Any]:
        """Return the report as JSON-compatible values."""
        tally = self.tally
        return {
            "rows": self.rows,
            "kept": self.kept,
            "new": tally.new,
            "changed": tally.changed,
            "unchanged": tally.unchanged,
            "companies_new": tally.companies_new,
            "companies_changed": tally.companies_changed,
            "conflicts": tally.conflicts,
            "duplicates": tally.duplicates,
            "company_rows": tally.company_rows,
            "companies_merged": tally.companies_merged,
            "merged": tally.merged,
            "forgotten": tally.forgotten,
            "rejected": self.rejected,
            "warned": self.warnings.count,
            "warnings": self.warnings.plain(),
            "skipped": self.skipped,
            "ignored_columns": list(self.ignored),
            "notes": self.notes,
            "mappings": self.mappings,
            "imports": self.imports,
            "seconds": round(self.seconds, 3),
            "rows_per_second": round(self.rows / self.seconds) if self.seconds > 0 else 0,
        }
