"""What the command line says about the columns of a file: their fields, the ignored ones, and suspicious ones."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any, Final

from letrics.ingest.aliases import header_key
from letrics.ingest.column_mapping import ColumnMapping
from letrics.ingest.mapped_column import MappedColumn
from letrics.ingest.sniffing import LOOKS

_LISTED: Final = 60
"""The maximum number of columns that a line lists."""
_WIDTH: Final = 60
"""The maximum length of a column name, in characters."""

_FIRST: Final = "is the first of these that has a value"
"""What several columns of one field mean."""


def mapping_lines(name: str, mapping: ColumnMapping) -> Iterator[str]:
    """Yield the lines about the columns of the file `name`."""
    used = [f"{shown_name(column.name)} → {column.field}" for column in mapping.used if not _is_own(column)]
    own = [shown_name(column.name) for column in mapping.used if _is_own(column)]
    if used or own:
        yield f"{name}: {mapping.kind}, columns used: {_listed([*own, *used])}"
    for field, columns in _shared(mapping).items():
        listed = _listed([shown_name(column.name) for column in columns])
        is_band_or_number = field.endswith("employees")
        meaning = "is the first number and the first band of these" if is_band_or_number else _FIRST
        yield f"{name}: {field} {meaning}: {listed}"
    if mapping.ignored:
        yield f"{name}: columns ignored: {_listed([shown_name(column.name) for column in mapping.ignored])}"


def warning_lines(name: str, mapping: ColumnMapping) -> Iterator[str]:
    """Yield a warning for each look of the values of ignored columns. The user's own choices are not doubted."""
    looks: dict[str, list[MappedColumn]] = {}
    for column in mapping.ignored:
        if column.looks_like is not None and column.reason != "given":
            looks.setdefault(LOOKS[column.looks_like], []).append(column)
    for look, columns in looks.items():
        unknown = [column for column in columns if column.reason != "unused"]
        hint = f" (--map '{shown_name(unknown[0].name)}=FIELD' uses it)" if unknown else ""
        listed = _listed([shown_name(column.name) for column in columns])
        yield f"warning: {name}: values look like {look}, but the column is ignored: {listed}{hint}"


def plain_mapping(name: str, mapping: ColumnMapping) -> dict[str, Any]:
    """Return the mapping as JSON-compatible values."""
    return {
        "file": name,
        "kind": mapping.kind,
        "columns": [
            {
                "name": column.name,
                "field": column.field,
                "reason": column.reason,
                "looks_like": column.looks_like,
                "samples": list(column.samples),
            }
            | ({"choices": list(column.choices)} if column.choices else {})
            for column in mapping.columns
        ],
    }


def _shared(mapping: ColumnMapping) -> dict[str, list[MappedColumn]]:
    """The fields that several columns set, each with its columns, the preferred ones first. Emails are added."""
    columns: dict[str, list[MappedColumn]] = {}
    for column in sorted(mapping.used, key=lambda column: column.rank):
        columns.setdefault(column.field or "", []).append(column)
    return {field: of for field, of in columns.items() if len(of) > 1 and not field.endswith("emails")}


def _is_own(column: MappedColumn) -> bool:
    return header_key(column.name) == header_key(column.field or "")


def shown_name(name: str) -> str:
    """Return the name of a column as one short line of printable characters."""
    text = " ".join("".join(c if c.isprintable() else " " for c in name).split())
    return text if len(text) <= _WIDTH else f"{text[: _WIDTH - 1]}…"


def _listed(texts: list[str]) -> str:
    more = f" and {len(texts) - _LISTED:,} more" if len(texts) > _LISTED else ""
    return f"{', '.join(islice(texts, _LISTED))}{more}"
