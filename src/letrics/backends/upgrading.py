"""Upgrades the SQLite files of a home to the formats of this version, after copying them, and puts the copies back."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from letrics import __version__
from letrics.engines.served.offering import is_offered
from letrics.settings import FILE_NAME, Home
from letrics.store.connection import Away, open_sqlite
from letrics.store.file_copy import DamagedCopy, Progress, copy_file
from letrics.store.migrate import load_migrations
from letrics.store.sql import read_value


class CannotUpgrade(Exception):
    """The upgrade, or the way back, is not possible now. Nothing was changed. The message says why."""


@dataclass(frozen=True, slots=True)
class FileFormat:
    """A database file with the number of its last migration, and the number that this version knows."""

    path: Path
    found: int
    known: int

    @property
    def is_old(self) -> bool:
        return self.found < self.known


def read_formats(home: Home) -> list[FileFormat]:
    """The formats of the database files that exist. Changes nothing. Raises StoreAway."""
    files = ((home.database, "letrics.store.sqlite.migrations"), (home.accounts, "letrics.accounts.migrations"))
    return [
        FileFormat(path, _format_of(path), len(load_migrations(package))) for path, package in files if path.exists()
    ]


def copy_files(home: Home, progress: Progress) -> Path:
    """Copy the databases and the settings into a new directory in the home; returns it.

    Processes may use the databases meanwhile: each copy is of one moment. Raises CannotUpgrade if the disk lacks
    space or a copy is damaged, StoreAway and OSError.
    """
    files = [each.path for each in read_formats(home)]
    needed, free = sum(_size(path) for path in files), shutil.disk_usage(home.path).free
    if needed > free:
        raise CannotUpgrade(
            f"the copies need {needed:,} bytes, and the disk of {home.path} has {free:,} free: free some space"
        )
    target = _new_directory(home, f"before-{__version__}")
    part = target.with_name(f".{target.name}.part")
    shutil.rmtree(part, ignore_errors=True)  # of an upgrade that was killed
    part.mkdir(mode=0o700)
    try:
        for path in files:
            copy_file(path, part / path.name, progress)
            _sync(part / path.name)
        if (home.path / FILE_NAME).exists():
            shutil.copy2(home.path / FILE_NAME, part / FILE_NAME)
        part.rename(target)
    except DamagedCopy as error:
        shutil.rmtree(part, ignore_errors=True)
        raise CannotUpgrade(f"{error}. Nothing was upgraded: run letrics check") from None
    except BaseException:
        shutil.rmtree(part, ignore_errors=True)
        raise
    return target


def put_back(home: Home, copies: Path) -> Path:
    """Put the databases of `copies` in the place of the present ones, which go to a new directory; returns that.

    Raises CannotUpgrade if there are no copies or a server is running, and OSError.
    """
    names = [name for name in (home.database.name, home.accounts.name) if (copies / name).exists()]
    if not names:
        raise CannotUpgrade(f"{copies} has no copies of databases: pass the directory that the upgrade printed")
    if is_offered(home.engine_socket):
        raise CannotUpgrade(f"a server is running on {home.path}: stop it first (systemctl stop letrics)")
    needed = sum((copies / name).stat().st_size for name in names)
    if needed > shutil.disk_usage(home.path).free:
        raise CannotUpgrade(f"the disk of {home.path} lacks space for the copies ({needed:,} bytes): free some space")
    aside = _new_directory(home, f"after-{__version__}")
    aside.mkdir(mode=0o700)
    for name in names:
        fresh = home.path / f".{name}.back"
        shutil.copyfile(copies / name, fresh)
        fresh.chmod(0o600)
        _sync(fresh)
        for end in ("", "-wal", "-shm"):
            if (present := home.path / f"{name}{end}").exists():
                present.rename(aside / present.name)
        fresh.rename(home.path / name)
    return aside


def _format_of(path: Path) -> int:
    connection = open_sqlite(path, create=False, read_only=True)
    try:
        with Away(path):
            if not connection.has_table("migration"):
                return 0
            return int(read_value(connection, "SELECT coalesce(max(number), 0) FROM migration"))
    finally:
        connection.close()


def _new_directory(home: Home, name: str) -> Path:
    number, path = 1, home.path / name
    while path.exists():
        number += 1
        path = home.path / f"{name}-{number}"
    return path


def _size(path: Path) -> int:
    files = [path.with_name(path.name + end) for end in ("", "-wal")]
    return sum(file.stat().st_size for file in files if file.exists())


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
