"""Copies the tables of a log into another database, and brings a copy up to date."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from letrics.store.base import Position, Store
from letrics.store.copying.catch_up import catch_up
from letrics.store.copying.comparing import Difference, compare_logs
from letrics.store.copying.copied_table import (
    CONTACT_KEY,
    LOG,
    PART,
    RECORDS,
    WHOLE,
    CopiedTable,
    read_parts,
    replace_table,
)
from letrics.store.copying.copy_lease import CopyRuns, only_copy
from letrics.store.copying.copy_progress import (
    CopyProgress,
    begin_progress,
    end_progress,
    read_progress,
    write_progress,
)
from letrics.store.copying.copy_report import Report
from letrics.store.sql import SqlConnection, read_rows, read_value
from letrics.store.tables.following import register
from letrics.store.tables.leases import acquire_lease, release_lease
from letrics.store.tables.log import has_batch, read_position
from letrics.store.tables.recent import tables as key_tables
from letrics.store.tables.sql_store import SqlStore

_BULK: Final = (*RECORDS, CONTACT_KEY)
"""The tables that are copied in parts, in this order."""
_OF_TARGET: Final = ("recent_key", "follower")
"""Tables that are not copied, and whose rows refer to the log that the copy replaces."""
FOLLOWER: Final = "copy"
"""The name under which the source keeps its tombstones for a copy that is brought up to date later."""


class CannotCopy(ValueError):
    """The target is the source, or is not empty and is not an earlier copy, or it cannot be brought up to date."""


@dataclass(frozen=True, slots=True)
class Copied:
    """What a copy did: the position that the target has now, and the number of records that had changed since the copy
    before. `verified` is the number of rows that were compared afterwards, and `differences` are the tables that are
    not the same."""

    position: Position
    changed: int
    verified: int
    differences: list[Difference]


def copy_store(
    source: Store, target: Store, report: Report, beside: Callable[[], None] = lambda: None, *,
    follower: str = FOLLOWER, replace: bool = False,
) -> Copied:  # fmt: skip
    """Copy the log of one open store into the database of another one; see `copy_log`. Raises CannotCopy."""
    if not isinstance(source, SqlStore) or not isinstance(target, SqlStore):
        raise CannotCopy("records can only be copied between SQLite and PostgreSQL")
    with source.sql.away(), target.sql.away():
        try:
            with only_copy(target.sql, target.now_ms(), report) as extending:
                return copy_log(source.sql, target.sql, extending, beside=beside, follower=follower, replace=replace)
        except CopyRuns as error:
            raise CannotCopy(str(error)) from None


def is_unfinished(store: Store) -> bool:
    """Whether a copy into the database of an open store has begun and has not ended."""
    return isinstance(store, SqlStore) and read_progress(store.sql) is not None


def end_copy(source: Store, follower: str) -> None:
    """Release the tombstones that the source keeps for a copy which is not brought up to date any more."""
    if isinstance(source, SqlStore) and not source.sql.is_read_only:
        with source.sql.away():
            source.sql.execute("DELETE FROM follower WHERE name = ?", (follower,))


def copy_log(
    source: SqlConnection, target: SqlConnection, report: Report, size: int = PART,
    beside: Callable[[], None] = lambda: None, follower: str = FOLLOWER, replace: bool = False,
) -> Copied:  # fmt: skip
    """Make the target a copy of the log of the source, as of one position, with the log's id.

    Others may write to the source meanwhile. An interrupted copy is continued by the next one, and a complete one is
    brought up to date. `size` is the number of rows in a transaction of the target. `beside` copies what is not in the
    log; the target cannot be used before that. `follower` is the name under which the source keeps its tombstones. With
    `replace`, all records of the target are deleted first, unless this copy was interrupted. Raises CannotCopy.
    """
    _check_other(source, target)
    progress = read_progress(target)
    if replace and (progress is None or not has_batch(source, progress.position)):
        since = progress = None
    else:
        since = _position_of_copy(target) if progress is None else progress.position
    if since is not None:
        _check(source, target, since)
    register(source, follower, (since or read_position(source)).seq)
    with source.reading():
        position = read_position(source)
        changed = 0
        if since is None:
            progress = _begin(source, target, position, report)
        else:
            changed = _bring_up_to_date(source, target, position, since.seq, progress, report)
        if progress is not None:
            _copy_bulk(source, target, progress, report, size)
        beside()
        if progress is not None:
            with target.writing():
                replace_table(source, target, LOG)
                end_progress(target)
        with target.reading():
            verified, differences = compare_logs(source, target, report)
    register(source, follower, position.seq)
    return Copied(position, changed, verified, differences)


def _begin(source: SqlConnection, target: SqlConnection, position: Position, report: Report) -> CopyProgress:
    """Copy what the other steps need, and which is not changed by them."""
    progress = CopyProgress(log=position.log, seq=position.seq, batch=position.batch, table=_BULK[0].name)
    with target.writing():
        begin_progress(target, progress)
        _empty_bulk(target)
        _replace_whole(source, target, report)
    return progress


def _empty_bulk(target: SqlConnection) -> None:
    """Delete the records and keys of a target. An empty one, which is usual, is not written."""
    for name in (*(table.name for table in _BULK), *_OF_TARGET):
        target.execute(f"DELETE FROM {name}")  # noqa: S608
    target.execute("UPDATE recent_state SET keys = 0")


def _bring_up_to_date(
    source: SqlConnection, target: SqlConnection, position: Position, after: int, progress: CopyProgress | None,
    report: Report,
) -> int:  # fmt: skip
    """Apply the changes after a seq; `progress` is that of an interrupted copy. Returns how many records changed."""
    with target.writing():
        changed = catch_up(source, target, after)
        _replace_whole(source, target, report)
        if progress is None:
            replace_table(source, target, LOG)
        else:
            progress.seq, progress.batch = position.seq, position.batch
            write_progress(target, progress)
    return changed


def _position_of_copy(target: SqlConnection) -> Position | None:
    """The position of a target that is a complete copy, None of an empty one."""
    position = read_position(target)
    return position if position.seq else None


def _check_other(source: SqlConnection, target: SqlConnection) -> None:
    """Raise CannotCopy if both are one database: its URL can be written in many ways."""
    mark = secrets.token_hex(16)
    acquire_lease(target, mark, mark, 0, 0)
    try:
        if read_rows(source, "SELECT 1 FROM lease WHERE name = ?", (mark,)):
            raise CannotCopy(f"the records are in this database already: {target.database}")
    finally:
        release_lease(target, mark, mark)


def _check(source: SqlConnection, target: SqlConnection, since: Position) -> None:
    """Raise CannotCopy unless the target is a copy of an earlier state of the source."""
    if not has_batch(source, since):
        raise CannotCopy(
            f"{target.database} has other records, or was changed since it was copied: copy into an empty database"
        )
    if read_value(source, "SELECT pruned FROM log") > since.seq:
        raise CannotCopy(
            f"{target.database} is a copy of a state that is too old to be brought up to date: empty it and copy again"
        )


def _copy_bulk(
    source: SqlConnection, target: SqlConnection, progress: CopyProgress, report: Report, size: int
) -> None:  # fmt: skip
    """Copy what is left of the large tables."""
    first = next(index for index, table in enumerate(_BULK) if table.name == progress.table)
    for table in _BULK[first:]:
        if progress.table != table.name:
            progress.table, progress.after = table.name, None
            if table is CONTACT_KEY:
                _copy_recent_keys(source, target, progress)
        count = _rows(source, table)
        done = 0
        for rows in read_parts(source, table, progress.after, size):
            progress.after = list(table.key_of(rows[-1]))
            with target.writing():
                target.insert_missing(table.name, table.columns, rows)
                write_progress(target, progress)
            done += len(rows)
            report(table.name, done, count)


def _copy_recent_keys(source: SqlConnection, target: SqlConnection, progress: CopyProgress) -> None:
    """Copy the keys that the source will move to the large table, perhaps before an interrupted copy is continued.

    The contacts must be copied, because their values tell which keys to remove when they change.
    """
    with target.writing():
        write_progress(target, progress)
        for name in key_tables(source):
            if name != CONTACT_KEY.name:
                for rows in read_parts(source, CopiedTable(name, CONTACT_KEY.columns, CONTACT_KEY.key_columns)):
                    target.insert_missing(CONTACT_KEY.name, CONTACT_KEY.columns, rows)


def _rows(source: SqlConnection, table: CopiedTable) -> int:
    with source.away():
        return int(read_value(source, f"SELECT count(*) FROM {table.name}"))  # noqa: S608


def _replace_whole(source: SqlConnection, target: SqlConnection, report: Report) -> None:
    for table in WHOLE:
        report(table.name, 0, 0)
        replace_table(source, target, table)
