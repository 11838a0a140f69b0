"""A directory of dated backups: finds the complete ones, deletes the oldest, and lets one process add one."""

from __future__ import annotations

import fcntl
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from letrics.backends.backup.manifest import NAME, UnusableBackup
from letrics.store.base import StoreAway

UNFINISHED: Final = "unfinished"
"""The name of the directory of a backup that is being made, or was interrupted."""
_DATED: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{6}Z(-[0-9]+)?")
"""Matches the name of a complete backup: its time, and a number if there was one of that time already."""
_LOCK: Final = ".lock"
"""The file that the process which makes a backup has locked."""


class Shelf:
    """The dated backups in the directory at `path`."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @property
    def unfinished(self) -> Path:
        """The directory of the backup that is being made."""
        return self.path / UNFINISHED

    def backups(self) -> list[Path]:
        """The complete backups, the oldest first."""
        found = self.path.iterdir() if self.path.is_dir() else ()
        return sorted(each for each in found if _DATED.fullmatch(each.name) and (each / NAME).is_file())

    def name_for(self, time: str) -> Path:
        """A name that is not taken yet, for a backup of a time in the form of documents."""
        base = time[:19].replace(":", "") + "Z"
        path, number = self.path / base, 1
        while path.exists():
            number += 1
            path = self.path / f"{base}-{number}"
        return path

    def delete_oldest(self, keep: int) -> list[Path]:
        """Delete the oldest backups, so that `keep` are left. Returns those that were deleted."""
        surplus = self.backups()[:-keep]
        for each in surplus:
            (each / NAME).unlink()  # first, so that an interruption leaves nothing that looks complete
            shutil.rmtree(each)
        return surplus

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Create the directory if it is missing, and keep other processes from adding a backup. Raises StoreAway."""
        self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        with (self.path / _LOCK).open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise StoreAway(f"another process is making a backup in {self.path}: wait for it to finish") from None
            yield


def find_backup(path: Path) -> Path:
    """The backup at `path`, or the newest complete one in that directory. Raises UnusableBackup."""
    if (path / NAME).is_file():
        return path
    found = Shelf(path).backups()
    if not found:
        raise UnusableBackup(
            f"there is no complete backup in {path}: pass the one that `letrics backup` was given, or a backup in it"
        )
    return found[-1]


def find_older(backup: Path) -> Path | None:
    """The backup before this one in its directory, None if it is the oldest."""
    return next((each for each in reversed(Shelf(backup.parent).backups()) if each.name < backup.name), None)
