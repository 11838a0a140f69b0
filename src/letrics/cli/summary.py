"""What an import did, in words."""

from __future__ import annotations

from itertools import islice
from typing import Final

from letrics.ingest.report import Report
from letrics.plurals import counted

_COLUMNS: Final = 50
"""The most ignored columns that are named to a person."""


def report_lines(report: Report, dry_run: bool, whole: bool) -> list[str]:
    """The report for a person; `whole` is false where the import was stopped."""
    tally = report.tally
    rate = f" ({report.rows / report.seconds:,.0f} rows/s)" if report.seconds > 0 else ""
    lines = [f"{counted(report.rows, 'row')} read in {report.seconds:,.1f} s{rate}"]
    if dry_run:
        lines.append(f"{report.kept:,} usable; nothing was kept or compared with what is known (dry run)")
    else:
        lines.append(f"{tally.new:,} new, {tally.changed:,} changed, {tally.unchanged:,} unchanged")
        if tally.companies_new or tally.companies_changed:
            made, changed = counted(tally.companies_new, "company"), counted(tally.companies_changed, "company")
            lines.append(f"{made} created, {changed} changed by contacts")
        if whole and not report.changes and report.rows and not report.rejected:
            lines.append("nothing changed")
    if tally.conflicts:
        lines.append(f"{counted(tally.conflicts, 'conflict')}: keys that stayed with the contact that had them first")
    if report.rejected:
        lines.append(f"{report.rejected:,} rejected")
    if report.ignored:
        shown = list(islice(report.ignored, _COLUMNS))
        more = f" and {len(report.ignored) - _COLUMNS:,} more" if len(report.ignored) > _COLUMNS else ""
        lines.append(f"columns ignored: {', '.join(shown)}{more}")
    if not whole and not dry_run:
        lines.append(f"stopped: {counted(report.kept, 'row')} kept; running it again finishes the job")
    return lines
