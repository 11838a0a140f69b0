"""Chooses the back ends by the settings `database` and `engine`."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from letrics.backends.base import EngineBackend, HomeBackends, StoreBackend
from letrics.backends.sqlite import SqliteBackend
from letrics.database_url import without_password
from letrics.settings import Home, Settings, SettingsError


def open_backends(home: Home, settings: Settings) -> HomeBackends:
    """The back ends of `home`. Nothing is opened or created yet. Raises SettingsError."""
    return HomeBackends(_store(home, settings), _engine(home, settings))


def _store(home: Home, settings: Settings) -> StoreBackend:
    match settings.database:
        case "":
            return SqliteBackend(home.database)
        case url if url.startswith(("postgresql://", "postgres://")):
            return _postgres(url, home)
        case other:
            raise SettingsError(f"there is no store for database = {without_password(other)!r}")


def _postgres(url: str, home: Home) -> StoreBackend:
    try:
        from letrics.backends.postgres import PostgresBackend
    except ModuleNotFoundError as error:
        if error.name != "psycopg":
            raise
        raise SettingsError(
            f"database = {without_password(url)!r} needs the driver of PostgreSQL, which is not installed: "
            "pip install 'letrics[postgres]'"
        ) from None
    return PostgresBackend(url, home.path)


def _engine(home: Home, settings: Settings) -> Callable[[], EngineBackend]:
    match settings.engine:
        case "bitmap":
            return partial(_bitmap, home, settings)
        case other:
            raise SettingsError(f"there is no engine {other!r}")


def _bitmap(home: Home, settings: Settings) -> EngineBackend:
    from letrics.backends.bitmap import BitmapBackend

    return BitmapBackend(home, budget_ms=settings.query_budget_ms, cache_mb=settings.index_cache_mb)
