"""Imports as records of a log: what each one read and changed, and whether it was undone."""

from __future__ import annotations

from typing import Any, Final, Literal, get_args

import msgspec

from letrics.records import Kind

SILENT_MS: Final = 5 * 60_000
"""Milliseconds without a report after which a running import counts as ended."""
UPSERT_FILE: Final = "upsert"
"""The file name of the import of an upsert."""
ImportEffect = Literal["made", "changed"]
"""What an import did to a record."""
ImportStatus = Literal["running", "done", "failed", "cancelled", "undoing", "undone"]
IMPORT_STATUSES: Final[tuple[ImportStatus, ...]] = get_args(ImportStatus)


class ImportStart(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of an import before its first row.

    `user` is the email address of the user who started it over HTTP, and None on the command line. `mapping` has the
    field of each column of the file, by the names that `letrics import --map` takes; None for a column that is not
    used. `report` is that of a running import, until it reports more.
    """

    kind: Kind
    file: str
    source: str | None = None
    user: str | None = None
    mapping: dict[str, str | None] = msgspec.field(default_factory=dict)
    report: dict[str, Any] = msgspec.field(default_factory=dict)


class ImportRecord(ImportStart, frozen=True, kw_only=True):
    """An import of the log.

    `started_at` and `updated_at` are times as in documents; the import reports at least after each of its batches.
    `changes` counts what its batches did, by the names of `letrics.identity.patches.Tally`. `report` has further
    figures of the importing process, such as the rows read and rejected, and, while it runs, that process.

    `damaged` says that the stored import is damaged: what cannot be read of it is empty, and so is its report.
    """

    id: int
    status: ImportStatus
    started_at: str
    updated_at: str
    changes: dict[str, int]
    damaged: bool = False


class Undone(msgspec.Struct, frozen=True, kw_only=True):
    """The effect of one step of undoing an import, as numbers of records.

    `restored` have their former state again, `deleted` were new, and `kept` have the ids of those that something else
    changed since, or that are still in use, or that could not be restored: those are `damaged`, or their former states
    are. `finished` says that nothing of the import is left to undo.
    """

    restored: int = 0
    deleted: int = 0
    kept: tuple[tuple[Kind, str], ...] = ()
    damaged: tuple[tuple[Kind, str], ...] = ()
    finished: bool = True


class UnknownImport(LookupError):
    """There is no import with this id."""

    def __init__(self, id: int) -> None:
        super().__init__(f"there is no import {id}")


class NotUndoable(ValueError):
    """The import cannot be undone; the text says why."""
