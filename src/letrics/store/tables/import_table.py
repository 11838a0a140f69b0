"""The table of imports."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any, Final

import msgspec

from letrics.identity.mentions import Mentions
from letrics.identity.patches import Tally
from letrics.store.import_process import is_interrupted
from letrics.store.import_record import (
    UPSERT_FILE,
    ImportRecord,
    ImportStart,
    ImportStatus,
    NotUndoable,
    UnknownImport,
)
from letrics.store.sql import SqlConnection, read_rows, read_value

_COLUMNS: Final = 'id, kind, file, source, "user", mapping, status, started_at, updated_at, changes, report'
_ALL: Final = 1 << 62
"""Higher than any id."""
_JSON: Final = frozenset({"mapping", "changes", "report"})
ERASED: Final = "erased"
"""Stands for the reason of a rejected row or a cell left out."""
_REASON: Final = '"reason":'
_TEXTS: Final = (_REASON, '"problem":', '"notes":["')
"""The reports that have one of these have texts from files. Those of most upserts have none."""
_encode: Final = msgspec.json.encode


def insert_import(connection: SqlConnection, start: ImportStart, now: str) -> int:
    """Add a running import; returns its id."""
    id = int(read_value(connection, "SELECT coalesce(max(id), 0) + 1 FROM import"))
    connection.execute(
        f"INSERT INTO import ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, 'running', ?, ?, ?, ?)",  # noqa: S608
        (
            id,
            start.kind,
            start.file,
            start.source,
            start.user,
            _encode(start.mapping),
            now,
            now,
            b"{}",
            _encode(start.report),
        ),
    )
    return id


def remove_import(connection: SqlConnection, id: int) -> None:
    """Remove the newest import, which changed nothing. The next one gets its id."""
    connection.execute("DELETE FROM import WHERE id = ?", (id,))


def read_imports(connection: SqlConnection, limit: int, before: int | None, upserts: bool) -> list[ImportRecord]:
    """The newest imports, of those with an id below `before`, with those of upserts or without them."""
    below, left_out = _ALL if before is None else before, "" if upserts else UPSERT_FILE
    sql = f"SELECT {_COLUMNS} FROM import WHERE id < ? AND file <> ? ORDER BY id DESC LIMIT ?"  # noqa: S608
    return [_record(row) for row in read_rows(connection, sql, (below, left_out, limit))]


def read_import(connection: SqlConnection, id: int) -> ImportRecord:
    """Read an import. Raises UnknownImport."""
    rows = read_rows(connection, f"SELECT {_COLUMNS} FROM import WHERE id = ?", (id,))  # noqa: S608
    if not rows:
        raise UnknownImport(id)
    return _record(rows[0])


def _record(row: Sequence[Any]) -> ImportRecord:
    values = dict(zip(_COLUMNS.replace('"', "").split(", "), row, strict=True))
    return ImportRecord(**{name: msgspec.json.decode(v) if name in _JSON else v for name, v in values.items()})


def add_changes(connection: SqlConnection, id: int, tally: Tally, now: str) -> None:
    """Add what a batch did to the counts of its import. Raises UnknownImport."""
    changes = read_import(connection, id).changes
    added = {name: changes.get(name, 0) + count for name, count in asdict(tally).items()}
    connection.execute("UPDATE import SET changes=?, updated_at=? WHERE id=?", (_encode(added), now, id))


def update_import(
    connection: SqlConnection, id: int, status: ImportStatus, report: dict[str, Any] | None, now: str
) -> None:
    """Set the status of an import, and its report unless it is None. Raises UnknownImport."""
    report = read_import(connection, id).report if report is None else report
    connection.execute("UPDATE import SET status=?, report=?, updated_at=? WHERE id=?",
                       (status, _encode(report), now, id))  # fmt: skip


def erase_from_reports(connection: SqlConnection, people: Mentions) -> None:
    """Remove the texts that mention these people from the reports of all imports."""
    texts = " OR ".join(connection.has_text("report", text) for text in _TEXTS)
    for id, report in read_rows(connection, f"SELECT id, report FROM import WHERE {texts}"):  # noqa: S608
        found = msgspec.json.decode(report)
        left = people.without(found)
        if left != found:
            connection.execute("UPDATE import SET report=? WHERE id=?", (_encode(left), id))


def erase_reasons(connection: SqlConnection) -> None:
    """Remove the reasons from the reports of all imports: a reason has the value of a cell or a part of it, which may
    be of a person without naming them."""
    has_reason = connection.has_text("report", _REASON)
    for id, report in read_rows(connection, f"SELECT id, report FROM import WHERE {has_reason}"):  # noqa: S608
        found = msgspec.json.decode(report)
        left = _without_reasons(found)
        if left != found:
            connection.execute("UPDATE import SET report=? WHERE id=?", (_encode(left), id))


def _without_reasons(value: Any) -> Any:
    if isinstance(value, list):
        return [_without_reasons(item) for item in value]
    if isinstance(value, dict):
        return {
            name: ERASED if name == "reason" and isinstance(below, str) else _without_reasons(below)
            for name, below in value.items()
        }
    return value


def check_undoable(connection: SqlConnection, id: int, now: str) -> None:
    """Raises UnknownImport, and NotUndoable for an import that is running, undone, or too old."""
    record = read_import(connection, id)
    if record.status == "undone":
        raise NotUndoable(f"import {id} is undone already")
    if record.status == "running" and not is_interrupted(record, now):
        raise NotUndoable(f"import {id} is still running: cancel it, or wait until it has ended")
    if not read_value(connection, "SELECT undoable FROM import WHERE id = ?", (id,)):
        raise NotUndoable(f"import {id} is too old: the former states of the records it changed are no longer stored")
