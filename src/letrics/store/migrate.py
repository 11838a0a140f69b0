"""Numbered SQL migrations: they bring a database to the schema of this version of the program.

Each migration is applied once. All pending migrations are applied in one transaction, which also writes their number,
checksum and time to the table `migration`, or to another one if several parts of the program share a database. A change
that SQL cannot express is a step: a function that runs after the SQL of its migration. A released migration, including
its comments, is never edited: a database in which it has another checksum is refused.
"""

from __future__ import annotations

import hashlib
import logging
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from typing import Final

from letrics.normalize.time import now
from letrics.store.base import StoreAway, StoreTooNew
from letrics.store.sql import SqlConnection, read_rows

_log: Final = logging.getLogger("letrics.store.upgrade")

_TABLE: Final = """
CREATE TABLE IF NOT EXISTS {table} (
    number INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    checksum TEXT NOT NULL,
    applied_at TEXT NOT NULL
)
"""
_FILE: Final = re.compile(r"([0-9]{4})_([a-z0-9_]+)\.sql")
"""Matches the file name of a migration. Group 1 is its number, group 2 its name."""


Step = Callable[[SqlConnection], None]
"""Changes the data of a database in a migration."""
_NONE: Final[Mapping[str, Step]] = {}


@dataclass(frozen=True, slots=True)
class Migration:
    """One migration. Numbers count from 1 without gaps. `sql` is one or more statements, without BEGIN or COMMIT.

    `step` runs after them in the same transaction. It is not part of the checksum.
    """

    number: int
    name: str
    sql: str
    step: Step | None = None

    @property
    def checksum(self) -> str:
        return hashlib.blake2b(self.sql.encode(), digest_size=16).hexdigest()


def load_migrations(package: str, steps: Mapping[str, Step] = _NONE) -> tuple[Migration, ...]:
    """The migrations in a package, files named `0001_name.sql`, in order of number, with the `steps` by name."""
    found = []
    for file in resources.files(package).iterdir():
        match = _FILE.fullmatch(file.name)
        if match:
            found.append(Migration(int(match[1]), match[2], file.read_text("utf-8"), steps.get(match[2])))
    return tuple(sorted(found, key=lambda migration: migration.number))


def migrate(
    connection: SqlConnection, migrations: Sequence[Migration], table: str = "migration"
) -> Sequence[Migration]:
    """Apply the pending migrations. If there are none, this neither writes nor waits for a writer.

    `table` has those that were applied.

    Returns the migrations that this call applied, so that exactly one process reports what an upgrade changed.

    Raises StoreTooNew if the database has a migration with a higher number than the last of `migrations`. Raises
    StoreAway if an applied migration has another checksum, or if one is pending and the connection is read-only.
    """
    if [m.number for m in migrations] != list(range(1, len(migrations) + 1)):
        raise ValueError("migrations must be numbered 1, 2, 3 … in order")
    if not _due(connection, migrations, table):
        return ()
    if connection.is_read_only:
        raise StoreAway(
            f"{connection.database} has an older format and was opened read-only: open it once for writing, "
            "for example with an import"
        )
    with connection.writing():
        connection.run_script(_TABLE.format(table=table))
        applied = _due(connection, migrations, table)  # again, now that no other process can apply them
        upgrades = bool(applied) and applied[0].number > 1
        if upgrades:
            _log.info("upgrade: %s to format %d, from %d", connection.database, len(migrations), applied[0].number - 1)
        for migration in applied:
            connection.run_script(migration.sql)
            if migration.step is not None:
                migration.step(connection)
            connection.execute(
                f"INSERT INTO {table} VALUES (?, ?, ?, ?)",  # noqa: S608
                (migration.number, migration.name, migration.checksum, now()),
            )
    if upgrades:
        _log.info("upgrade: %s is done", connection.database)
    return applied


def _due(connection: SqlConnection, migrations: Sequence[Migration], table: str) -> Sequence[Migration]:
    applied = _applied(connection, table)
    last = max(applied, default=0)
    if last > len(migrations):
        raise StoreTooNew(
            f"{connection.database} was written by a newer version: its format is {last} and this version knows "
            f"formats up to {len(migrations)}. Upgrade Letrics to open it"
        )
    for migration in migrations[:last]:
        if applied.get(migration.number) != migration.checksum:
            raise StoreAway(
                f"{connection.database} cannot be used: its migration {migration.number} ({migration.name}) differs "
                "from the one of this version. Use the version that wrote it, or restore a backup"
            )
    return migrations[last:]


def _applied(connection: SqlConnection, table: str) -> dict[int, str]:
    if not connection.has_table(table):
        return {}
    return {int(n): str(checksum) for n, checksum in read_rows(connection, f"SELECT number, checksum FROM {table}")}  # noqa: S608
