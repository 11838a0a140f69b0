"""Keeps other copies out of the target of a copy: two at once would mix their rows.

The target has a lease for it, as for other work of one process at a time. A copy that was killed keeps its lease until
it expires; another one on the same machine takes it over at once.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Final

from letrics.store.copying.copy_report import Report
from letrics.store.import_process import is_named_process_alive, name_process
from letrics.store.sql import SqlConnection, read_rows
from letrics.store.tables.leases import acquire_lease, release_lease

NAME: Final = "copy"
"""The name of the lease."""
_LASTS_SECONDS: Final = 600.0
"""For which the lease is given. Without the rows of large tables, nothing that a copy does takes longer."""
_EXTEND_SECONDS: Final = 30.0
"""Seconds after which the lease is extended."""


class CopyRuns(Exception):
    """Another copy into the database runs."""


@contextmanager
def only_copy(target: SqlConnection, now_ms: int, report: Report) -> Iterator[Report]:
    """Have the lease until the end of the block; yields a report that also extends it, between transactions.

    `now_ms` is the time of the clock that leases of the target are measured with. Raises CopyRuns.
    """
    began = time.monotonic()
    holder = f"{name_process()} {secrets.token_hex(4)}"

    def acquire() -> bool:
        passed = round((time.monotonic() - began) * 1000)
        with target.writing():
            return acquire_lease(target, NAME, holder, _LASTS_SECONDS, now_ms + passed)

    if not acquire():
        _release_of_ended(target)
        if not acquire():
            raise CopyRuns(
                f"another copy into {target.database} is running: wait for it to end. If it was killed on another "
                f"machine, it counts as running for {_LASTS_SECONDS / 60:.0f} minutes"
            )
    extended = time.monotonic()

    def extending(table: str, done: int, count: int) -> None:
        nonlocal extended
        # A table that is replaced as a whole is reported inside its transaction, with 0 rows done.
        if done and time.monotonic() - extended >= _EXTEND_SECONDS:
            acquire()
            extended = time.monotonic()
        report(table, done, count)

    try:
        yield extending
    finally:
        with suppress(Exception), target.writing():  # the database may be away, which ended the copy
            release_lease(target, NAME, holder)


def _release_of_ended(target: SqlConnection) -> None:
    """Release the lease if its holder was a process of this machine that has ended."""
    for (holder,) in read_rows(target, "SELECT holder FROM lease WHERE name = ?", (NAME,)):
        if not is_named_process_alive(str(holder).rpartition(" ")[0], otherwise=True):
            with target.writing():
                release_lease(target, NAME, str(holder))
