"""The table of imports."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any, Final

import apsw
import msgspec

from letrics.identity.mentions import Mentions
from letrics.identity.patches import Tally
from letrics.normalize.time import parse_time
from letrics.store.connection import read_rows
from letrics.store.import_record import SILENT_MS, ImportRecord, ImportStart, ImportStatus, NotUndoable, UnknownImport

_COLUMNS: Final = "id, kind, file, source, user, mapping, status, started_at, updated_at, changes, report"
_JSON: Final = frozenset({"mapping", "changes", "report"})
_WITH_TEXTS: Final = (
    "SELECT id, report FROM import WHERE instr(CAST(report AS TEXT), '\"reason\":') "
    'OR instr(CAST(report AS TEXT), \'"problem":\') OR instr(CAST(report AS TEXT), \'"notes":["\')'
)
"""Selects the reports that have texts from files. Those of most upserts have none."""
_encode: Final = msgspec.json.encode


def insert_import(connection: apsw.Connection, start: ImportStart, now: str) -> int:
    """Add a running import; returns its id."""
    connection.execute(
        "INSERT INTO import (kind, file, source, user, mapping, status, started_at, updated_at, changes, report) "
        "VALUES (?, ?, ?, ?, ?, 'running', ?, ?, ?, ?)",
        (start.kind, start.file, start.source, start.user, _encode(start.mapping), now, now, b"{}", b"{}"),
    )
    return connection.last_insert_rowid()


def remove_import(connection: apsw.Connection, id: int) -> None:
    """Remove the newest import, which changed nothing. The next one gets its id."""
    connection.execute("DELETE FROM import WHERE id = ?", (id,))
    connection.execute("UPDATE sqlite_sequence SET seq = ? WHERE name = 'import'", (id - 1,))


def read_imports(connection: apsw.Connection, limit: int, before: int | None) -> list[ImportRecord]:
    """The newest imports, of those with an id below `before`."""
    sql = f"SELECT {_COLUMNS} FROM import WHERE ?1 IS NULL OR id < ?1 ORDER BY id DESC LIMIT ?2"  # noqa: S608
    return [_record(row) for row in read_rows(connection, sql, (before, limit))]


def read_import(connection: apsw.Connection, id: int) -> ImportRecord:
    """Read an import. Raises UnknownImport."""
    rows = read_rows(connection, f"SELECT {_COLUMNS} FROM import WHERE id = ?", (id,))  # noqa: S608
    if not rows:
        raise UnknownImport(id)
    return _record(rows[0])


def _record(row: Sequence[Any]) -> ImportRecord:
    values = dict(zip(_COLUMNS.split(", "), row, strict=True))
    return ImportRecord(**{name: msgspec.json.decode(v) if name in _JSON else v for name, v in values.items()})


def add_changes(connection: apsw.Connection, id: int, tally: Tally, now: str) -> None:
    """Add what a batch did to the counts of its import. Raises UnknownImport."""
    changes = read_import(connection, id).changes
    added = {name: changes.get(name, 0) + count for name, count in asdict(tally).items()}
    connection.execute("UPDATE import SET changes=?, updated_at=? WHERE id=?", (_encode(added), now, id))


def update_import(
    connection: apsw.Connection, id: int, status: ImportStatus, report: dict[str, Any] | None, now: str
) -> None:
    """Set the status of an import, and its report unless it is None. Raises UnknownImport."""
    report = read_import(connection, id).report if report is None else report
    connection.execute("UPDATE import SET status=?, report=?, updated_at=? WHERE id=?",
                       (status, _encode(report), now, id))  # fmt: skip


def erase_from_reports(connection: apsw.Connection, people: Mentions) -> None:
    """Remove the texts that mention these people from the reports of all imports."""
    for id, report in read_rows(connection, _WITH_TEXTS):
        found = msgspec.json.decode(report)
        left = people.without(found)
        if left != found:
            connection.execute("UPDATE import SET report=? WHERE id=?", (_encode(left), id))


def check_undoable(connection: apsw.Connection, id: int, now: str) -> None:
    """Raises UnknownImport, and NotUndoable for an import that is running, undone, or too old."""
    record = read_import(connection, id)
    if record.status == "undone":
        raise NotUndoable(f"import {id} is undone already")
    if record.status == "running" and parse_time(now) - parse_time(record.updated_at) < SILENT_MS:
        raise NotUndoable(f"import {id} is still running: cancel it, or wait until it has ended")
    if not connection.execute("SELECT undoable FROM import WHERE id = ?", (id,)).get:
        raise NotUndoable(f"import {id} is too old: the former states of the records it changed are no longer stored")
