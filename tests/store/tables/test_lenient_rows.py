"""Rows with texts that are not UTF-8."""

from __future__ import annotations

from letrics.store.sqlite.store import SqliteStore
from letrics.store.tables.lenient_rows import lenient_rows


def test_lenient_rows_have_bytes_for_what_is_no_text(store: SqliteStore) -> None:
    store.sql.execute("INSERT INTO lease VALUES ('a', 'é', 1), ('b', CAST(x'e1' AS TEXT), 2), ('c', '', 3)")
    rows = lenient_rows(store.sql, ("name", "holder"), ("name", "holder"), "FROM lease WHERE expires_ms > ?", (0,))
    assert rows == [("a", "é"), ("b", b"\xe1"), ("c", "")]
    assert lenient_rows(store.sql, ("holder",), ("holder",), "FROM lease WHERE name = 'a'") == [("é",)]
