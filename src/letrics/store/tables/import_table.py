"""The table of imports."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict
from typing import Any, Final

import msgspec

from letrics.identity.mentions import Mentions
from letrics.identity.patches import Tally
from letrics.records import MALFORMED
from letrics.store.import_process import is_interrupted
from letrics.store.import_record import (
    UPSERT_FILE,
    ImportRecord,
    ImportStart,
    ImportStatus,
    NotUndoable,
    UnknownImport,
)
from letrics.store.sql import SqlConnection, read_value
from letrics.store.tables.import_rows import (
    ImportRow,
    insert_import_row,
    repair_import_row,
    select_imports,
    update_import_row,
)
from letrics.store.tables.set_aside import SetAside

_ALL: Final = 1 << 62
"""Higher than any id."""
ERASED: Final = "erased"
"""Stands for the reason of a rejected row or a cell left out."""
_REASON: Final = '"reason":'
_TEXTS: Final = (_REASON, '"problem":', '"notes":["')
"""The reports that have one of these have texts from files. Those of most upserts have none."""
_encode: Final = msgspec.json.encode


def insert_import(connection: SqlConnection, start: ImportStart, now: str) -> int:
    """Add a running import; returns its id."""
    id = int(read_value(connection, "SELECT coalesce(max(id), 0) + 1 FROM import"))
    row = ImportRow(
        id, start.kind, start.file, start.source, start.user, _encode(start.mapping), "running", now, now, b"{}",
        _encode(start.report),
    )  # fmt: skip
    insert_import_row(connection, row)
    return id


def remove_import(connection: SqlConnection, id: int) -> None:
    """Remove the newest import, which changed nothing. The next one gets its id."""
    connection.execute("DELETE FROM import WHERE id = ?", (id,))


def read_imports(connection: SqlConnection, limit: int, before: int | None, upserts: bool) -> list[ImportRecord]:
    """The newest imports, of those with an id below `before`, with those of upserts or without them."""
    below, left_out = _ALL if before is None else before, "" if upserts else UPSERT_FILE
    where = "WHERE id < ? AND file <> ? ORDER BY id DESC LIMIT ?"
    return [row.record() for row in select_imports(connection, where, (below, left_out, limit))]


def read_import(connection: SqlConnection, id: int) -> ImportRecord:
    """Read an import. Raises UnknownImport."""
    return _row(connection, id).record()


def _row(connection: SqlConnection, id: int) -> ImportRow:
    rows = select_imports(connection, "WHERE id = ?", (id,))
    if not rows:
        raise UnknownImport(id)
    return rows[0]


def add_changes(connection: SqlConnection, id: int, tally: Tally, now: str) -> None:
    """Add what a batch did to the counts of its import. Raises UnknownImport."""
    row = _row(connection, id)
    changes = row.record().changes
    added = {name: changes.get(name, 0) + count for name, count in asdict(tally).items()}
    update_import_row(connection, row, {"changes": _encode(added), "updated_at": now})


def update_import(
    connection: SqlConnection, id: int, status: ImportStatus, report: dict[str, Any] | None, now: str
) -> None:
    """Set the status of an import, and its report unless it is None. Raises UnknownImport."""
    values: dict[str, object] = {"status": status, "updated_at": now}
    if report is not None:
        values["report"] = _encode(report)
    update_import_row(connection, _row(connection, id), values)


def import_faults(connection: SqlConnection) -> Iterator[str]:
    """Descriptions of the damaged imports."""
    for row in select_imports(connection, "ORDER BY id"):
        if row.is_damaged():
            yield f"import {row.id} is damaged: `letrics check --repair` keeps what can be read, without its report"


def repair_imports(connection: SqlConnection, set_aside: SetAside) -> int:
    """Replace what cannot be read of damaged imports, and remove their reports, which are set aside; returns how
    many."""
    damaged = [row for row in select_imports(connection, "ORDER BY id") if row.is_damaged()]
    for row in damaged:
        set_aside("import", row.id, row.report, "the report of a damaged import, removed")
        repair_import_row(connection, row)
    return len(damaged)


def erase_from_reports(connection: SqlConnection, people: Mentions) -> None:
    """Remove the texts that mention these people from the reports of all imports."""
    texts = " OR ".join(connection.has_text("report", text) for text in _TEXTS)
    _erase(connection, texts, people.without)


def erase_reasons(connection: SqlConnection) -> None:
    """Remove the reasons from the reports of all imports: a reason has the value of a cell or a part of it, which may
    be of a person without naming them."""
    _erase(connection, connection.has_text("report", _REASON), _without_reasons)


def _erase(connection: SqlConnection, where: str, without: Callable[[Any], Any]) -> None:
    """Erase something from the reports that a condition selects. One that cannot be read is erased as a whole."""
    for row in select_imports(connection, f"WHERE {where}"):
        try:
            found = msgspec.json.decode(row.report)
            left = without(found)
        except MALFORMED:
            found, left = None, {}
        if left != found:
            update_import_row(connection, row, {"report": _encode(left)})


def _without_reasons(value: Any) -> Any:
    if isinstance(value, list):
        return [_without_reasons(item) for item in value]
    if isinstance(value, dict):
        return {
            name: ERASED if name == "reason" and isinstance(below, str) else _without_reasons(below)
            for name, below in value.items()
        }
    return value


def check_undoable(connection: SqlConnection, id: int, now: str) -> ImportStatus:
    """The status of an import that can be undone.

    Raises UnknownImport, and NotUndoable for an import that is running, undone, or has no former states any more.
    """
    record = read_import(connection, id)
    if record.status == "undone":
        raise NotUndoable(f"import {id} is undone already")
    if record.status == "running" and not is_interrupted(record, now):
        raise NotUndoable(f"import {id} is still running: cancel it, or wait until it has ended")
    if not read_value(connection, "SELECT undoable FROM import WHERE id = ?", (id,)):
        raise NotUndoable(
            f"import {id} cannot be undone any more: the former states of the records it changed are no longer stored"
        )
    return record.status
