"""Errors of PostgreSQL about the environment, as StoreAway with a suggested fix."""

from __future__ import annotations

from types import TracebackType
from typing import Final, Literal

import psycopg
from psycopg import errors

from letrics.store.base import StoreAway, StoreCorrupt
from letrics.store.postgres.refusals import lacks_primary, suggest_fix

_WORDS: Final[tuple[tuple[type[psycopg.Error], str], ...]] = (
    (errors.DiskFull, "cannot grow because its disk is full: free some space there and run again"),
    (errors.OutOfMemory, "has not enough memory for a statement: look at work_mem and at the memory of its server"),
    (errors.TooManyConnections, "has no connection left: raise max_connections, or use fewer server processes"),
    (errors.LockNotAvailable, "is locked by another process that writes to it: wait for it to finish and run again"),
    (errors.DeadlockDetected, "is locked by another process: run again"),
    (errors.SerializationFailure, "was changed by another process meanwhile: run again"),
    (errors.QueryCanceled, "did not respond in time: look at its load, or run again"),
    (errors.ReadOnlySqlTransaction, "cannot be written: the server is a standby, or the database is read-only"),
    (errors.InsufficientPrivilege, "does not permit this to its user: grant CREATE on the schema, or own the tables"),
    (errors.DuplicateTable, "has a table of another program: use a database that no other program uses"),
    (
        errors.UndefinedTable,
        "lacks a table: another program has removed it, or the search_path of its user has changed. Restore a backup",
    ),
    (
        errors.InvalidSchemaName,
        "has no schema that its user may use: create one that search_path names, or grant USAGE on it",
    ),
    (errors.AdminShutdown, "was shut down: start it again"),
    (errors.CrashShutdown, "has crashed and restarts: run again"),
    (errors.CannotConnectNow, "is starting or shutting down: run again"),
    (errors.IdleInTransactionSessionTimeout, "ended a transaction that did nothing for too long: run again"),
    (errors.ConfigurationLimitExceeded, "has reached a limit of its server, such as temp_file_limit: raise it"),
    (errors.SystemError, "could not be read or written: look at the log of its server"),
    (errors.IoError, "could not be read or written: look at the log of its server"),
    (errors.UndefinedFile, "could not be read or written: look at the log of its server"),
    (errors.DataCorrupted, "is damaged: restore it from a backup"),
    (errors.IndexCorrupted, "is damaged: restore it from a backup"),
)

_NAMES: Final = (errors.InsufficientPrivilege, errors.DuplicateTable, errors.UndefinedTable, errors.InvalidSchemaName)
"""Errors whose text says which table or schema is meant, and has no data."""

_ENDED: Final = (
    errors.AdminShutdown,
    errors.CrashShutdown,
    errors.CannotConnectNow,
    errors.IdleSessionTimeout,
    errors.DatabaseDropped,
)
"""Errors with which the server ends or refuses a session, whatever it does."""


class NoPrimary(StoreAway):
    """No server of a URL accepts writes: each of them is a standby, starts or stops, or cannot be reached."""


class PostgresAway:
    """Context manager that turns errors about the environment into a StoreAway. Can be entered inside itself.

    Errors that indicate a bug in this program (invalid SQL, a violated constraint) pass through unchanged.
    """

    __slots__ = ("_name",)

    def __init__(self, name: str) -> None:
        self._name = name

    def __enter__(self) -> None:
        return None

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> Literal[False]:
        if isinstance(error, psycopg.Error):
            words = away_words(error)
            if words is not None:
                away: type[StoreAway] = StoreAway
                if isinstance(error, errors.DataCorrupted | errors.IndexCorrupted):
                    away = StoreCorrupt
                elif is_lost(error) and lacks_primary(error):
                    away = NoPrimary
                raise away(f"{self._name} {words}") from error
        elif isinstance(error, UnicodeDecodeError) and isinstance(error.object, bytes):
            raise StoreCorrupt(f"{self._name} is damaged: a text is not UTF-8. Restore it from a backup") from error
        return False


def away_words(error: psycopg.Error) -> str | None:
    """What an error says about the environment, with a fix. None if it indicates a bug."""
    words = next((words for kind, words in _WORDS if isinstance(error, kind)), None)
    if words is not None:
        text = error.diag.message_primary if isinstance(error, _NAMES) else None
        return f"{words} ({error.sqlstate if text is None else f'{text}, {error.sqlstate}'})"
    if is_lost(error):
        return suggest_fix(error)
    return None


def is_lost(error: psycopg.Error) -> bool:
    """Whether an error says that there is no connection, or none any more. No statement has failed by itself."""
    if isinstance(error, _ENDED):
        return True
    state = error.sqlstate
    return isinstance(error, psycopg.OperationalError) and (state is None or state.startswith("08"))
