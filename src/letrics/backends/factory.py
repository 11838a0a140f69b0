"""Chooses the back ends by the settings `database` and `engine`."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from letrics.backends.base import AccountsBackend, EngineBackend, HomeBackends, StoreBackend
from letrics.backends.file_accounts import FileAccounts
from letrics.backends.sqlite import SqliteBackend
from letrics.database_url import without_password
from letrics.settings import Home, Settings, SettingsError

if TYPE_CHECKING:
    from letrics.engines.opensearch.cluster_address import Address


def open_backends(home: Home, settings: Settings) -> HomeBackends:
    """The back ends of `home`. Nothing is opened or created yet. Raises SettingsError."""
    store = _store(home, settings)
    engine, accounts = _engine(home, settings, store), _accounts(home, settings)
    return HomeBackends(store, engine, accounts, is_engine_local=settings.engine == "bitmap")


def _store(home: Home, settings: Settings) -> StoreBackend:
    match settings.database:
        case "":
            return SqliteBackend(home.database)
        case url if url.startswith(("postgresql://", "postgres://")):
            return _postgres(url, home)
        case other:
            raise SettingsError(
                f"{without_password(other)!r} is not a database that can be used: the URL of one begins with postgresql://"
            )


def _accounts(home: Home, settings: Settings) -> AccountsBackend:
    if not settings.database:
        return FileAccounts(home)
    from letrics.backends.postgres_accounts import PostgresAccounts

    return PostgresAccounts(settings.database)


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


def _engine(home: Home, settings: Settings, store: StoreBackend) -> Callable[[], EngineBackend]:
    match settings.engine:
        case "bitmap":
            return partial(_bitmap, home, settings)
        case url:
            from letrics.engines.opensearch.cluster_address import read_address

            try:
                address = read_address(url)
            except ValueError as error:
                raise SettingsError(f"engine: {error}") from None
            return partial(_opensearch, address, store, settings)


def _bitmap(home: Home, settings: Settings) -> EngineBackend:
    from letrics.backends.bitmap import BitmapBackend

    return BitmapBackend(home, budget_ms=settings.query_budget_ms, cache_mb=settings.index_cache_mb)


def _opensearch(address: Address, store: StoreBackend, settings: Settings) -> EngineBackend:
    try:
        from letrics.backends.opensearch import OpenSearchBackend
    except ModuleNotFoundError as error:
        if error.name != "aiohttp":
            raise
        raise SettingsError("the engine of OpenSearch needs a package: pip install 'letrics[opensearch]'") from None

    return OpenSearchBackend(address, store, budget_ms=settings.query_budget_ms)
