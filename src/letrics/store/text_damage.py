"""Texts in a SQLite file that are not UTF-8 any more: found in every column of every table, and made readable.

SQLite does not look at the bytes of texts. Python cannot read a row that has such a text, so one flipped bit could keep
all rows of its table from being read.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import Any, Final, NamedTuple

import apsw

_FIX: Final = "`letrics check --repair` replaces what cannot be read of it"
_MOST_SHOWN: Final = 20
"""Maximum number of texts that are listed one by one."""
_Columns = tuple[str, ...]


class DamagedText(NamedTuple):
    """A text that is not UTF-8. `key` are the columns that identify its row, with the `values` that they have."""

    table: str
    column: str
    key: _Columns
    values: tuple[Any, ...]
    text: bytes

    def readable(self) -> str:
        """The text, with an escape sequence for each byte that cannot be read."""
        return _shown(self.text)

    def row(self) -> str:
        """The row, in words. The values of a key may be bytes."""
        return ", ".join(f"{name} {_shown(value)}" for name, value in zip(self.key, self.values, strict=True))


def damaged_texts(connection: apsw.Connection) -> Iterator[DamagedText]:
    """The texts of all tables that are not UTF-8. Reads every text."""
    sql = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"
    for name in [str(name) for (name,) in connection.execute(sql)]:
        columns = connection.execute("SELECT name, type, pk FROM pragma_table_info(?)", (name,)).fetchall()
        texts = tuple(str(column) for column, type, _ in columns if type == "TEXT")
        key = tuple(str(column) for column, _, place in columns if place) or ("rowid",)
        if texts and not _is_readable(connection, name, texts):
            yield from _damaged(connection, name, texts, key)


def text_faults(connection: apsw.Connection, excluded: frozenset[str] = frozenset(), fix: str = _FIX) -> Iterator[str]:
    """Descriptions of the damaged texts, at most 20, without the tables `excluded`, whose rows other checks name."""
    for found, text in enumerate(text for text in damaged_texts(connection) if text.table not in excluded):
        if found == _MOST_SHOWN:
            yield f"more texts than these {_MOST_SHOWN} are not UTF-8"
            return
        yield f"the text {text.column} of the row with {text.row()} of the table {text.table} is not UTF-8: {fix}"


def make_readable(connection: apsw.Connection, excluded: frozenset[str] = frozenset()) -> int:
    """Replace the damaged texts by what can be read of them, so that rows can be read and judged; returns how many.

    Leaves those of the tables `excluded` to other repairs.
    """
    count = 0
    while found := [text for text in damaged_texts(connection) if text.table not in excluded]:
        changed = sum(_replace(connection, text) for text in found)
        if not changed:
            break
        count += changed  # a row of which a part of the key was replaced is found again by its new key
    return count


def _replace(connection: apsw.Connection, text: DamagedText) -> int:
    named = zip(map(_quoted, text.key), text.values, strict=True)
    where = " AND ".join(f"{_compared(name, value)} = ?" for name, value in named)
    connection.execute(
        f"UPDATE {_quoted(text.table)} SET {_quoted(text.column)} = ? WHERE {where}",  # noqa: S608
        (text.readable(), *text.values),
    )
    return connection.changes()


def _is_readable(connection: apsw.Connection, table: str, texts: _Columns) -> bool:
    """Whether all texts of a table can be read: not those of its indexes, which may differ."""
    columns = ", ".join(map(_quoted, texts))
    with suppress(UnicodeDecodeError):
        for _ in connection.execute(f"SELECT {columns} FROM {_quoted(table)} NOT INDEXED"):  # noqa: S608
            pass
        return True
    return False


def _damaged(connection: apsw.Connection, table: str, texts: _Columns, key: _Columns) -> Iterator[DamagedText]:
    named = ", ".join(f"CAST({_quoted(name)} AS BLOB)" if name in texts else _quoted(name) for name in key)
    casts = ", ".join(f"CAST({_quoted(name)} AS BLOB)" for name in texts)
    sql = f"SELECT {named}, {casts} FROM {_quoted(table)} NOT INDEXED"  # noqa: S608
    for row in connection.execute(sql):
        for column, text in zip(texts, row[len(key) :], strict=True):
            if isinstance(text, bytes) and not _is_utf8(text):
                yield DamagedText(table, column, key, row[: len(key)], text)


def _shown(value: object) -> str:
    return value.decode(errors="backslashreplace") if isinstance(value, bytes) else str(value)


def _compared(column: str, value: object) -> str:
    return f"CAST({column} AS BLOB)" if isinstance(value, bytes) else column


def _is_utf8(text: bytes) -> bool:
    with suppress(UnicodeDecodeError):
        text.decode()
        return True
    return False


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
