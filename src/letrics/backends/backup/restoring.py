"""Restores a backup into the database of a home, of either kind.

Records in SQLite are restored by copying files, which are put in place when all are complete. Records in PostgreSQL are
copied row by row from a copy of the files in the home: opening them may upgrade them, and a backup is never written to.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import msgspec

from letrics.accounts.account_tables import LASTING
from letrics.backends.backup.making import make_backup
from letrics.backends.backup.manifest import (
    BackupFile,
    Manifest,
    UnusableBackup,
    check_file,
    describe_file,
    sync_directory,
    write_private,
)
from letrics.backends.base import HomeBackends
from letrics.backends.factory import open_backends
from letrics.backends.home_copy import CopyOptions, CopyTarget, copy_home
from letrics.normalize.time import now
from letrics.settings import FILE_NAME, Home, Settings
from letrics.store.copying.copier import CannotCopy, is_unfinished
from letrics.store.copying.copy_report import Report
from letrics.store.forgotten_list import ForgottenList
from letrics.store.sql import read_value

_STAGING: Final = "restoring"
"""The directory in the home that has the files of the backup until they are in place."""
_FORGOTTEN: Final = ".restoring-forgotten"
"""The file in the home that has the former data's list of forgotten people until a restore is complete."""
_SIDE_FILES: Final = ("", "-wal", "-shm", "-journal")
"""Ends of the names of the files of a SQLite database."""


@dataclass(frozen=True, slots=True)
class Occupied:
    """What a home has that a restore would replace."""

    companies: int | None
    contacts: int | None
    users: int | None


@dataclass(frozen=True, slots=True)
class Restored:
    """`aside` is where the former data is, None if there was none. `settings` says that the settings were restored.

    `forgotten` is the number of people whom the former data, but not the backup, had as forgotten; None if the former
    data could not be read.
    """

    aside: Path | None
    settings: bool
    forgotten: int | None


def find_occupied(home: Home, backends: HomeBackends, manifest: Manifest) -> Occupied | None:
    """What the home has already. None if that is nothing, or a part of this backup. Raises StoreAway."""
    if _begun(home) == _mark(manifest):
        return None
    return _remote(backends) if backends.store.is_remote else _files(home)


def restore_backup(
    home: Home, backends: HomeBackends, directory: Path, manifest: Manifest, report: Report, *, replace: bool
) -> Restored:
    """Restore the backup in `directory`, of which `manifest` was verified. An interrupted restore is continued.

    With `replace`, the home may have data, which is set aside in it. People whom that has as forgotten are forgotten
    again: the backup may be older than their requests. Raises UnusableBackup if a file has changed since, CannotCopy,
    StoreAway and StoreTooNew.
    """
    home.make()
    are_known = _keep_forgotten(home, backends)
    if backends.store.is_remote:
        aside = _into_database(home, backends, directory, manifest, report, replace)
    else:
        if not replace and find_occupied(home, backends, manifest) is not None:
            raise CannotCopy(f"{home.path} has data already")
        aside = _into_files(home, directory, manifest, report)
    with backends.store.open() as store:
        position, counts = store.position(), store.counts()
    if (position.log, position.seq, counts.companies, counts.contacts) != (
        manifest.log, manifest.change, manifest.companies, manifest.contacts,
    ):  # fmt: skip
        raise UnusableBackup("the restored records are not those of the manifest: restore another backup")
    forgotten = _forget_again(home, backends)
    settings = FILE_NAME in manifest.files and not (home.path / FILE_NAME).exists()
    if settings:
        write_private(home.path / FILE_NAME, (directory / FILE_NAME).read_bytes())
    home.restoring.unlink(missing_ok=True)
    return Restored(aside, settings, forgotten if are_known else None)


def _keep_forgotten(home: Home, backends: HomeBackends) -> bool:
    """Write the list of forgotten people of the present data into the home, with the one that an interrupted restore
    wrote: the present data may be that of the backup already.

    Returns False if that data cannot be read: it may be damaged, which is why it is replaced.
    """
    path = home.path / _FORGOTTEN
    is_interrupted = _begun(home) is not None
    try:
        found = _present_list(backends)
    except Exception:
        return is_interrupted and path.exists()
    if is_interrupted:
        found = _united(_kept_list(home), found)
    write_private(path, msgspec.json.encode(found))
    return True


def _present_list(backends: HomeBackends) -> ForgottenList:
    if not backends.store.exists():
        return ForgottenList()
    with backends.store.open() as store:
        return store.forgotten_list()


def _kept_list(home: Home) -> ForgottenList:
    try:
        return msgspec.json.decode((home.path / _FORGOTTEN).read_bytes(), type=ForgottenList)
    except FileNotFoundError:
        return ForgottenList()


def _united(one: ForgottenList, other: ForgottenList) -> ForgottenList:
    people = {person.id: person for person in (*one.people, *other.people)}
    return ForgottenList(list(dict.fromkeys([*one.secrets, *other.secrets])), list(people.values()))


def _forget_again(home: Home, backends: HomeBackends) -> int:
    """Have the restored data forget the people of the kept list. Returns how many it did not have on its own list."""
    kept, added = _kept_list(home), 0
    if kept.people:
        with backends.store.open() as store:
            added = store.merge_forgotten(kept).people
    (home.path / _FORGOTTEN).unlink(missing_ok=True)
    return added


def _into_files(home: Home, directory: Path, manifest: Manifest, report: Report) -> Path | None:
    staging = _stage(home, directory, manifest, report)
    places = [place for place in (home.accounts, home.database) if (staging.path / place.name).exists()]
    write_private(home.restoring, _mark(manifest).encode())
    aside = _set_aside(home, places)  # also a write-ahead log that is left of another database
    for place in places:
        (staging.path / place.name).replace(place)
    sync_directory(home.path)
    shutil.rmtree(staging.path)
    return aside


def _into_database(
    home: Home, backends: HomeBackends, directory: Path, manifest: Manifest, report: Report, replace: bool
) -> Path | None:
    aside = None
    if find_occupied(home, backends, manifest) is not None:
        if not replace:
            raise CannotCopy("the database has data already")
        aside = make_backup(home, backends, home.path / f"replaced-{_stamp()}", report).path
    write_private(home.restoring, _mark(manifest).encode())
    staging = _stage(home, directory, manifest, report)
    options = CopyOptions(replace_users=True, replace_records=True, accounts=LASTING)
    done = copy_home(open_backends(staging, Settings()), backends, report, options)
    if done.differences:
        raise CannotCopy("; ".join(map(str, done.differences)))
    shutil.rmtree(staging.path)
    return aside


def _stage(home: Home, directory: Path, manifest: Manifest, report: Report) -> Home:
    """Copy the databases of a backup into the home, without those that an interrupted restore copied."""
    staging = Home(home.path / _STAGING)
    shutil.rmtree(staging.path, ignore_errors=True)
    staging.make()
    for name, expected in manifest.files.items():
        if name != FILE_NAME:
            source, target = directory / name, staging.path / name
            check_file(source, expected, _copying(source, target, report))
    return staging


def _copying(source: Path, target: Path, report: Report) -> Callable[[], BackupFile]:
    return lambda: describe_file(source, report, copy_to=target)


def _set_aside(home: Home, places: list[Path]) -> Path | None:
    """Move the files that a restore replaces into a directory of the home. None if there are none."""
    aside = Home(home.path / f"replaced-{_stamp()}")
    moved = [found for place in places for end in _SIDE_FILES if (found := place.with_name(place.name + end)).exists()]
    moved += [found for found in (home.idempotency, home.snapshot.parent, home.path / "uploads") if found.exists()]
    if not moved:
        return None
    aside.make()
    for path in moved:
        path.replace(aside.path / path.name)
    return aside.path


def _files(home: Home) -> Occupied | None:
    """What the files of a home have. They may be damaged, so they are not opened."""
    if home.database.exists() or home.accounts.exists():
        return Occupied(None, None, None)
    return None


def _remote(backends: HomeBackends) -> Occupied | None:
    users = 0
    if backends.accounts.exists():
        with backends.accounts.open() as accounts, accounts.away:
            users = int(read_value(accounts.connection, 'SELECT count(*) FROM "user"'))
    if not backends.store.exists():
        return Occupied(0, 0, users) if users else None
    if not isinstance(backends.store, CopyTarget):
        raise CannotCopy("records cannot be restored into this database")
    with backends.store.open_copy() as store:
        if is_unfinished(store):
            return Occupied(None, None, users)
        counts = store.counts()
    found = Occupied(counts.companies, counts.contacts, users)
    return found if any((counts.companies, counts.contacts, users)) else None


def _mark(manifest: Manifest) -> str:
    return f"{manifest.log} {manifest.change}\n"


def _begun(home: Home) -> str | None:
    try:
        return home.restoring.read_text("utf-8")
    except FileNotFoundError:
        return None


def _stamp() -> str:
    return now()[:19].replace(":", "") + "Z"
