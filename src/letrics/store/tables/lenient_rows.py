"""Reads of rows with texts that may not be UTF-8, in a database that is damaged."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from contextlib import suppress
from typing import Any

from letrics.store.sql import Row, SqlConnection, read_rows


def lenient_rows(
    connection: SqlConnection, columns: Sequence[str], texts: Collection[str], rest: str, values: Sequence[object] = ()
) -> list[Row]:
    """The rows of `SELECT columns rest`. Of the columns `texts`, a text that is not UTF-8 is `bytes`.

    All rows are read again if there is such a text, so a caller with many rows asks for parts of them.
    """
    try:
        return read_rows(connection, f"SELECT {', '.join(columns)} {rest}", values)
    except UnicodeDecodeError:
        cast = ", ".join(connection.text_bytes(name) if name in texts else name for name in columns)
        return [
            tuple(_decoded(value) if name in texts else value for name, value in zip(columns, row, strict=True))
            for row in read_rows(connection, f"SELECT {cast} {rest}", values)
        ]


def _decoded(text: Any) -> Any:
    """A text; its bytes if they are not UTF-8."""
    with suppress(UnicodeDecodeError, AttributeError):
        return text.decode()
    return text
