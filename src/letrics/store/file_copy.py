"""Copies a SQLite file page by page while other processes use it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

import apsw

from letrics.store.base import StoreAway
from letrics.store.connection import Away, open_sqlite
from letrics.store.sql import read_value

_PAGES: Final = 4_000
"""The number of pages that are copied before progress is reported."""
Progress = Callable[[str, int, int], None]
"""Reports progress: the name of the file, the pages done, and all pages."""


class DamagedCopy(Exception):
    """The copy of a file is damaged, as the file itself must be."""


def copy_file(path: Path, to: Path, progress: Progress) -> None:
    """Copy a database as of one moment, and check the copy. Only its owner can read it.

    Raises DamagedCopy and StoreAway.
    """
    source = open_sqlite(path, create=False)
    target = apsw.Connection(str(to))
    try:
        to.chmod(0o600)
        # Within a transaction the copy is of one moment, and ends while imports go on writing.
        with Away(path), source.reading():
            read_value(source, "SELECT count(*) FROM sqlite_schema")
            with target.backup("main", source, "main") as backup:
                while not backup.done:
                    backup.step(_PAGES)
                    progress(path.name, backup.page_count - backup.remaining, backup.page_count)
        found = [str(row[0]) for row in target.execute("PRAGMA quick_check(1)")]
        if found != ["ok"]:
            raise DamagedCopy(f"{path} is damaged: {found[0]}")
    except apsw.Error as error:
        raise StoreAway(f"{path} cannot be copied to {to}: {error}") from None
    finally:
        target.close()
        source.close()
