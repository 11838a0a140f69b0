"""The migrations of the SQLite store."""

from __future__ import annotations

from letrics.store.migrate import load_migrations


def test_the_log_has_migrations() -> None:
    loaded = load_migrations("letrics.store.sqlite.migrations")
    assert [m.number for m in loaded] == list(range(1, len(loaded) + 1))
    assert loaded[0].name == "log"
