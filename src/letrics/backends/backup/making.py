"""Makes a backup while servers and imports run.

The records are copied row by row into new SQLite files (`letrics.store.copying`), from either database. That takes
longer than copying pages, and has three advantages: an interrupted backup is continued, nothing of erased records is in
free pages, and a backup does not depend on the database it is of.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

from letrics import __version__
from letrics.accounts.account_tables import LASTING
from letrics.backends.backup.manifest import Manifest, describe_file, sync_directory, write_manifest, write_private
from letrics.backends.backup.shelf import Shelf
from letrics.backends.backup.stored_settings import settings_text
from letrics.backends.base import HomeBackends
from letrics.backends.factory import open_backends
from letrics.backends.home_copy import CopiedHome, CopyOptions, copy_home
from letrics.normalize.time import now
from letrics.settings import FILE_NAME, Home, Settings
from letrics.store.connection import seal
from letrics.store.copying.copier import CannotCopy
from letrics.store.copying.copy_report import Report
from letrics.store.sql import read_value


@dataclass(frozen=True, slots=True)
class MadeBackup:
    """A backup that was made at `path`, the number of rows that were compared with the database, and the backups that
    were deleted because they are older. `continued` says that it was begun by an interrupted run."""

    path: Path
    manifest: Manifest
    verified_rows: int
    continued: bool
    deleted: list[Path]


def make_backup(
    home: Home, backends: HomeBackends, directory: Path, report: Report, keep: int | None = None
) -> MadeBackup:
    """Add a dated backup of a home to `directory`, and delete all but the newest `keep` backups there.

    Raises CannotCopy if the copy is not equal to the database, and StoreAway.
    """
    shelf = Shelf(directory)
    with shelf.locked():
        continued = shelf.unfinished.exists()
        try:
            made = _make(home, backends, shelf, report)
        except CannotCopy:
            if not continued:
                raise
            # It was begun so long ago that it cannot be brought up to date, or is of another home.
            shutil.rmtree(shelf.unfinished)
            continued = False
            made = _make(home, backends, shelf, report)
        deleted = [] if keep is None else shelf.delete_oldest(keep)
    return MadeBackup(made[0], made[1], made[2], continued, deleted)


def _make(home: Home, backends: HomeBackends, shelf: Shelf, report: Report) -> tuple[Path, Manifest, int]:
    made_at, place = now(), Home(shelf.unfinished).make()
    copy = open_backends(place, Settings())
    done = copy_home(backends, copy, report, _options(shelf))
    if done.differences:
        raise CannotCopy("; ".join(map(str, done.differences)))
    settings = settings_text(home.path)
    (place.path / FILE_NAME).unlink(missing_ok=True)
    if settings is not None:
        write_private(place.path / FILE_NAME, settings)
    manifest = _manifest(place, backends, done, made_at, report)
    write_manifest(place.path, manifest)
    path = shelf.name_for(made_at)
    place.path.rename(path)
    sync_directory(shelf.path)
    return path, manifest, done.log.verified + done.accounts


def _options(shelf: Shelf) -> CopyOptions:
    name = blake2b(str(shelf.path).encode(), digest_size=8).hexdigest()
    return CopyOptions(replace_users=True, accounts=LASTING, follower=f"backup {name}", ends=True)


def _manifest(place: Home, backends: HomeBackends, done: CopiedHome, made_at: str, report: Report) -> Manifest:
    users = 0
    if place.accounts.exists():
        with open_backends(place, Settings()).accounts.open() as accounts, accounts.away:
            users = int(read_value(accounts.connection, 'SELECT count(*) FROM "user"'))
    files = {}
    for path in (place.database, place.accounts, place.path / FILE_NAME):
        if path.exists():
            if path.name != FILE_NAME:
                seal(path)
            files[path.name] = describe_file(path, report)
    return Manifest(
        letrics=__version__,
        made_at=made_at,
        database="PostgreSQL" if backends.store.is_remote else "SQLite",
        log=done.log.position.log,
        change=done.log.position.seq,
        companies=done.counts.companies,
        contacts=done.counts.contacts,
        users=users,
        files=files,
    )
