"""The log store in one SQLite file: the default, for one machine."""

from letrics.store.sqlite.store import SqliteStore

__all__ = ["SqliteStore"]
