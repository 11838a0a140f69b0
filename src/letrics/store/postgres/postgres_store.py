"""The PostgreSQL implementation of the log store."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from typing import Final

from letrics.normalize.time import now
from letrics.store.base import Changes, StoreAway, StoreReplaced
from letrics.store.copying.copy_progress import refuse_unfinished
from letrics.store.migrate import Migration, load_migrations, migrate
from letrics.store.postgres.postgres_connection import BUSY_MS, SILENCE_SECONDS, PostgresConnection, open_postgres
from letrics.store.sql import read_value
from letrics.store.tables.following import scan_log
from letrics.store.tables.forgotten_checksums import add_forgotten_checksums
from letrics.store.tables.integrity import faults
from letrics.store.tables.log import read_log_id
from letrics.store.tables.sql_reader import LIMITS
from letrics.store.tables.sql_store import ErasePeople, SqlStore, erase_nothing
from letrics.store.tables.store_limits import StoreLimits

WRITERS_LOCK: Final = 0x4C65_7472_6963
"""The key of the advisory lock that writers of the log hold."""

_WHOLE_TABLES: Final = {
    "enable_hashjoin": "on",
    "enable_mergejoin": "on",
    "enable_seqscan": "on",
    "plan_cache_mode": "auto",
    "work_mem": "64MB",
}
"""Settings of the server for statements that compare whole tables."""

_WITH_PEOPLE: Final = (
    "contact", "contact_key", "recent_key", "former_id", "contact_before", "contact_merge", "merged_key", "company",
    "company_before", "import",
)  # fmt: skip
"""The tables that may have had data of a person."""


@cache
def _migrations() -> tuple[Migration, ...]:
    return load_migrations("letrics.store.postgres.migrations", {"forgotten_checksums": add_forgotten_checksums})


class PostgresStore(SqlStore):
    """A log in a PostgreSQL database; see SqlStore.

    Writers take an advisory lock before they read what they will change, and hold it until their batch is committed.
    Batches therefore become visible in the order of their seqs.
    """

    def __init__(
        self,
        url: str,
        connection: PostgresConnection,
        limits: StoreLimits = LIMITS,
        clock: Callable[[], str] = now,
        erase_people: ErasePeople = erase_nothing,
    ) -> None:
        super().__init__(connection, limits, clock, erase_people)
        self._url = url
        self._connection = connection
        self._session = connection.session

    @classmethod
    def open(
        cls,
        url: str,
        *,
        create: bool = True,
        read_only: bool = False,
        limits: StoreLimits = LIMITS,
        clock: Callable[[], str] = now,
        busy_ms: int = BUSY_MS,
        silence_seconds: float = SILENCE_SECONDS,
        erase_people: ErasePeople = erase_nothing,
        copying: bool = False,
        standby: bool = False,
    ) -> PostgresStore:
        """Open the log in the database at `url`, and upgrade an older one to this version's schema. `clock` dates the
        changes. `busy_ms` is how long another writer is waited for, `silence_seconds` how long any response.
        `erase_people` and `copying` are those of SqliteStore. With `standby`, it is read from a standby.

        Raises StoreAway if the database cannot be used, or has no log and `create` is false. Raises StoreTooNew if a
        newer version wrote it. Once open, methods raise StoreReplaced if another log took its place.
        """
        connection = open_postgres(
            url, WRITERS_LOCK, read_only=read_only, busy_ms=busy_ms, silence_seconds=silence_seconds, standby=standby
        )
        try:
            with connection.away():
                if not connection.has_table("log"):
                    _require_creatable(connection, create=create and not read_only)
                migrate(connection, _migrations())
                if not copying:
                    refuse_unfinished(connection)
                return cls(url, connection, limits, clock, erase_people)
        except BaseException:
            connection.close()
            raise

    def scan(self, size: int, share: tuple[int, int] = (0, 1)) -> Iterator[Changes]:
        with self._away:
            self._check()
            connection = open_postgres(self._url, WRITERS_LOCK, read_only=True)
            try:
                yield from scan_log(connection, size, share)
            finally:
                connection.close()

    def integrity(self) -> list[str]:
        """See Store. The checks compare whole tables, so they have a connection with other settings."""
        with self._away:
            self._check()
            connection = open_postgres(self._url, WRITERS_LOCK, read_only=True)
            try:
                with connection.reading():
                    for name, value in _WHOLE_TABLES.items():
                        connection.execute("SELECT set_config(?, ?, TRUE)", (name, value))
                    return list(faults(connection))
            finally:
                connection.close()

    def close(self) -> None:
        self._connection.close()

    def _check(self) -> None:
        """See SqlStore. Only a new session can be one with another database."""
        if self._connection.session != self._session:
            session = self._connection.session
            if read_log_id(self._connection) != self._log:
                raise StoreReplaced(f"{self._connection.database} was replaced by another database while it was in use")
            self._session = session

    def _end_batch(self, rows: int, deleted: bool = False) -> None:
        """Nothing follows a batch: PostgreSQL erases deleted rows from its files when it next vacuums their tables."""

    def settle_erasure(self) -> bool:
        """See Store. Vacuums the tables, so that PostgreSQL uses the space of deleted rows again.

        It does not wait: rows that an older transaction may still read stay until the next call.
        """
        with self._away:
            self._check()
            for table in _WITH_PEOPLE:
                self._connection.execute(f"VACUUM {table}")
        return True

    def now_ms(self) -> int:
        return int(read_value(self._connection, "SELECT CAST(1000 * extract(epoch FROM clock_timestamp()) AS BIGINT)"))

    def _bytes(self) -> int:
        return int(read_value(self._connection, "SELECT pg_database_size(current_database())"))


def _require_creatable(connection: PostgresConnection, create: bool) -> None:
    """Raise StoreAway unless tables may and can be created in a database without a log."""
    if not create:
        raise StoreAway(
            f"there are no records in {connection.database}: create its tables with an import, for example "
            "`letrics import companies.csv`"
        )
    encoding = read_value(connection, "SELECT current_setting('server_encoding')")
    if encoding != "UTF8":
        raise StoreAway(
            f"{connection.database} has the encoding {encoding}, which lacks characters of names: create the database "
            "with ENCODING 'UTF8'"
        )


def has_log(url: str) -> bool:
    """Whether the database at `url` has a log. Raises StoreAway if it is unavailable."""
    connection = open_postgres(url, WRITERS_LOCK, read_only=True)
    try:
        with connection.away():
            return connection.has_table("log")
    finally:
        connection.close()
