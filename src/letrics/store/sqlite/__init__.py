"""The default log store: one SQLite file, for one machine."""

from letrics.store.sqlite.store import SqliteStore

__all__ = ["SqliteStore"]
