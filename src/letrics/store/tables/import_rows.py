"""The rows of the table of imports, with a checksum of each.

A damaged row does not hide the others: the import is listed with what can be read of it, and can be undone, which does
not need the damaged columns.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple, TypeVar
from zlib import crc32

import msgspec

from letrics.normalize.time import is_written_form
from letrics.records import KINDS, UNREADABLE
from letrics.store.import_record import IMPORT_STATUSES, ImportRecord
from letrics.store.sql import SqlConnection
from letrics.store.tables.lenient_rows import lenient_rows

_COLUMNS: Final = (
    "id", "kind", "file", "source", '"user"', "mapping", "status", "started_at", "updated_at", "changes", "report",
    "checksum",
)  # fmt: skip
"""The columns of an ImportRow."""
_TEXTS: Final = frozenset(("kind", "file", "source", '"user"', "status", "started_at", "updated_at"))
"""Those with texts."""
_Value = TypeVar("_Value")
_NO_TIME: Final = "1970-01-01T00:00:00.000Z"
"""Stands for a time that cannot be read."""
_encode: Final = msgspec.json.encode
_pack: Final = msgspec.msgpack.encode


class ImportRow(NamedTuple):
    """A stored row. `mapping`, `changes` and `report` are JSON objects. A text that is not UTF-8 is `bytes`."""

    id: int
    kind: str
    file: str
    source: str | None
    user: str | None
    mapping: bytes
    status: str
    started_at: str
    updated_at: str
    changes: bytes
    report: bytes
    checksum: int | None = None

    def expected_checksum(self) -> int:
        """The checksum of the other columns."""
        return crc32(_pack(self[:-1]))

    def is_damaged(self) -> bool:
        """Whether the row is not what was written, as far as that is known."""
        return (self.checksum is not None and self.checksum != self.expected_checksum()) or self._read().damaged

    def record(self) -> ImportRecord:
        """The import. Of a damaged row, it has what can be read, and no report, whose form is not known."""
        found = self._read()
        return msgspec.structs.replace(found, damaged=True, report={}) if self.is_damaged() else found

    def _read(self) -> ImportRecord:
        mapping, changes, report = (
            _decode(document, type) for document, type in (
                (self.mapping, dict[str, str | None]), (self.changes, dict[str, int]), (self.report, dict[str, Any])
            )
        )  # fmt: skip
        kind, status = _one_of(self.kind, KINDS), _one_of(self.status, IMPORT_STATUSES)
        file, started_at, updated_at = _text(self.file), _time(self.started_at), _time(self.updated_at)
        return ImportRecord(
            id=self.id, kind=kind or "contacts", file=file or "", source=_text(self.source), user=_text(self.user),
            mapping=mapping or {}, status=status or "failed", started_at=started_at or _NO_TIME,
            updated_at=updated_at or _NO_TIME, changes=changes or {}, report=report or {},
            damaged=None in (mapping, changes, report, kind, status, file, started_at, updated_at)
            or any(isinstance(text, bytes) for text in (self.file, self.source, self.user)),
        )  # fmt: skip


def _one_of(value: object, values: Sequence[_Value]) -> _Value | None:
    return next((one for one in values if one == value), None)


def _time(value: object) -> str | None:
    return value if isinstance(value, str) and is_written_form(value) else None


def _text(value: object) -> str | None:
    if isinstance(value, bytes):
        return value.decode(errors="backslashreplace")
    return value if isinstance(value, str) else None


def _decode(document: bytes, type: Any) -> Any:
    """The JSON object, None if it cannot be read."""
    try:
        return msgspec.json.decode(document, type=type)
    except (*UNREADABLE, TypeError):
        return None


def select_imports(connection: SqlConnection, where: str, values: Sequence[object] = ()) -> list[ImportRow]:
    """The rows that a condition selects."""
    return [ImportRow(*row) for row in lenient_rows(connection, _COLUMNS, _TEXTS, f"FROM import {where}", values)]


def insert_import_row(connection: SqlConnection, row: ImportRow) -> None:
    """Add a row, with its checksum."""
    connection.execute(
        f"INSERT INTO import ({', '.join(_COLUMNS)}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",  # noqa: S608
        row._replace(checksum=row.expected_checksum()),
    )


def update_import_row(connection: SqlConnection, row: ImportRow, values: Mapping[str, object]) -> None:
    """Set columns of a row. A damaged one stays so, with a checksum that is not its own."""
    changed = row._replace(**values)  # type: ignore[arg-type]
    _write(
        connection, row.id, {**values, "checksum": row.checksum if row.is_damaged() else changed.expected_checksum()}
    )


def repair_import_row(connection: SqlConnection, row: ImportRow) -> None:
    """Replace what cannot be read of a damaged row, and remove its report."""
    left = row.record()
    changed = ImportRow(
        left.id, left.kind, left.file, left.source, left.user, _encode(left.mapping), left.status, left.started_at,
        left.updated_at, _encode(left.changes), _encode(left.report),
    )  # fmt: skip
    changed = changed._replace(checksum=changed.expected_checksum())
    _write(connection, row.id, changed._asdict())


def _write(connection: SqlConnection, id: int, values: Mapping[str, object]) -> None:
    columns = ", ".join(f'"{name}" = ?' for name in values)
    connection.execute(f"UPDATE import SET {columns} WHERE id = ?", (*values.values(), id))  # noqa: S608
