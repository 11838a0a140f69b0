"""The common SQL of stores, as PostgreSQL runs it."""

from __future__ import annotations

import pytest

from letrics.store.postgres.dialect import translate


@pytest.mark.parametrize(
    ("sql", "translated"),
    [
        ("SELECT 1", "SELECT 1"),
        ("a = ? AND b = ?", "a = $1 AND b = $2"),
        ("a = ?2 AND b = ?1 - ?2", "a = $2 AND b = $1 - $2"),
        (
            "SELECT num FROM carray(?) AS k CROSS JOIN contact_key ON key = k.value WHERE kind = ?",
            "SELECT num FROM unnest($1) AS k(value) JOIN contact_key ON key = k.value WHERE kind = $2",
        ),
    ],
)
def test_translate_changes_placeholders_and_lists(sql: str, translated: str) -> None:
    assert translate(sql) == translated
