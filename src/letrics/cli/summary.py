"""Text summary of an import."""

from __future__ import annotations

from itertools import islice
from typing import Final

from letrics.ingest.cell_warnings import WarningCounts
from letrics.ingest.report import Report
from letrics.plurals import counted

_COLUMNS: Final = 10
"""The maximum number of ignored columns that the summary lists. All were listed before the import."""


def report_lines(report: Report, dry_run: bool, whole: bool) -> list[str]:
    """Return the lines of the summary. `whole` is false if the import stopped early."""
    tally = report.tally
    rate = f" ({report.rows / report.seconds:,.0f} rows/s)" if report.seconds > 0 else ""
    lines = [f"{counted(report.rows, 'row')} read in {report.seconds:,.1f} s{rate}"]
    if dry_run:
        lines.append(f"{report.kept:,} valid; nothing was stored or compared with existing records (dry run)")
    else:
        lines.append(f"{tally.new:,} new, {tally.changed:,} changed, {tally.unchanged:,} unchanged")
        if tally.companies_new or tally.companies_changed:
            made, changed = counted(tally.companies_new, "company"), counted(tally.companies_changed, "company")
            lines.append(f"{made} created and {changed} changed by contacts")
        if whole and not report.changes and report.rows and not report.rejected:
            lines.append("nothing changed")
    if tally.merged:
        lines.append(f"{counted(tally.merged, 'row')} merged into records of earlier rows")
    if tally.companies_merged:
        merged = counted(tally.companies_merged, "company")
        lines.append(f"{merged} without a domain merged into the company with the domain that a row names")
    if tally.company_rows:
        companies = "its company is" if tally.company_rows == 1 else "their companies are"
        lines.append(f"{counted(tally.company_rows, 'row')} without a person: {companies} imported")
    if tally.forgotten:
        lines.append(f"{counted(tally.forgotten, 'row')} of forgotten people: not imported")
    if tally.conflicts:
        lines.append(f"{counted(tally.conflicts, 'conflict')}: keys that another contact already had, left unchanged")
    if tally.duplicates:
        pairs = counted(tally.duplicates, "possible duplicate")
        lines.append(
            f"{pairs}: contacts with one address but different names; see `letrics duplicates` or the page Duplicates"
        )
    if report.rejected:
        lines.append(f"{report.rejected:,} rejected")
    lines += _warning_lines(report.warnings)
    if report.skipped:
        lines.append(f"{counted(report.skipped, 'blank or footer line')} skipped")
    if report.ignored:
        shown = list(islice(report.ignored, _COLUMNS))
        more = f" and {len(report.ignored) - _COLUMNS:,} more" if len(report.ignored) > _COLUMNS else ""
        lines.append(f"columns ignored: {', '.join(shown)}{more}")
    if report.imports and report.changes:
        ids = " ".join(map(str, reversed(report.imports)))
        lines.append(f"to undo: letrics undo {ids}")
    if not whole and not dry_run:
        lines.append(f"stopped: {counted(report.kept, 'row')} stored; run the command again to import the rest")
    return lines


def _warning_lines(warnings: WarningCounts) -> list[str]:
    """Return the warnings about cells: their number and, per column, examples."""
    if not warnings.count:
        return []
    lines = [
        f"{counted(warnings.count, 'cell')} could not be read and {'was' if warnings.count == 1 else 'were'} left out:"
    ]
    for name, column in islice(warnings.columns.items(), _COLUMNS):
        lines.append(f"  {name}: {column.count:,}")
        lines += [f"    {example.file}:{example.line}: {example.reason}" for example in column.examples]
    if len(warnings.columns) > _COLUMNS:
        lines.append(f"  and in {counted(len(warnings.columns) - _COLUMNS, 'other column')}")
    return lines
