"""Reads of the few rows on which everything else depends, with the types that they must have.

A database that is damaged may return anything: SQLite checks the types of columns only when it writes. Rows of records
are not read this way, because there are millions of them.
"""

from __future__ import annotations

from typing import Any, TypeVar

import msgspec

from letrics.store.base import StoreDamaged
from letrics.store.sql import Row, SqlConnection

_Row = TypeVar("_Row")


def typed_row(connection: SqlConnection, table: str, key: object, row: Row | None, type: type[_Row]) -> _Row:
    """A row of a table as a tuple of this type. Raises StoreDamaged if it is missing or has other types."""
    try:
        return msgspec.convert(row, type)
    except msgspec.ValidationError:
        raise StoreDamaged(connection.database, table, key) from None


def typed_rows(connection: SqlConnection, table: str, key: object, rows: list[Row], type: Any) -> Any:
    """Rows of a table as a list of tuples of this type. Raises StoreDamaged if one of them has other types."""
    return typed_row(connection, table, key, rows, list[type])  # type: ignore[arg-type]
