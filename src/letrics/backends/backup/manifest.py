"""The manifest of a backup: what it is of, and the size and SHA-256 of each file. It is written last."""

from __future__ import annotations

import os
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Final

import msgspec

NAME: Final = "manifest.json"
"""The name of the file of a manifest. A directory without it is no backup, or an unfinished one."""
FORMAT: Final = 1
"""The format of backups that this version writes, and the newest one that it reads."""
_CHUNK_BYTES: Final = 1 << 20
"""Bytes of a file in memory at a time."""
_SIDE_FILES: Final = ("-wal", "-shm", "-journal")
"""Ends of the names of files that SQLite reads together with a database. A backup has none."""
Progress = Callable[[str, int, int], None]
"""Takes the name of the file that is being read, the bytes that were read, and all of its bytes."""


class UnusableBackup(ValueError):
    """There is no complete backup, or a file of it is missing or damaged."""


class BackupFile(msgspec.Struct, frozen=True):
    """The size of a file, and its SHA-256 in hexadecimal digits."""

    bytes: int
    sha256: str


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """What a backup is of. `change` is the seq of the last change, `made_at` the time when it was begun."""

    format: int = FORMAT
    letrics: str
    made_at: str
    database: str
    log: str
    change: int
    companies: int
    contacts: int
    users: int
    files: dict[str, BackupFile]


def describe_file(path: Path, progress: Progress, copy_to: Path | None = None) -> BackupFile:
    """Read a file; with `copy_to`, also copy it there, readable only by its owner and written to the disk."""
    digest, done, size = sha256(), 0, path.stat().st_size
    target = (
        None if copy_to is None else os.fdopen(os.open(copy_to, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb")
    )
    try:
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK_BYTES):
                digest.update(chunk)
                done += len(chunk)
                if target is not None:
                    target.write(chunk)
                progress(path.name, done, size)
        if target is not None:
            target.flush()
            os.fsync(target.fileno())
    finally:
        if target is not None:
            target.close()
    return BackupFile(done, digest.hexdigest())


def write_private(path: Path, data: bytes) -> None:
    """Replace a file as a whole, readable only by its owner and written to the disk."""
    new = path.with_name(f"{path.name}.new")
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)
    sync_directory(path.parent)


def sync_directory(path: Path) -> None:
    """Write the names in a directory to the disk."""
    handle = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write_manifest(directory: Path, manifest: Manifest) -> None:
    """Write the manifest of a backup, which is complete now."""
    write_private(directory / NAME, msgspec.json.format(msgspec.json.encode(manifest), indent=2) + b"\n")


def read_manifest(directory: Path) -> Manifest:
    """The manifest of a backup. Raises UnusableBackup."""
    path = directory / NAME
    try:
        manifest = msgspec.json.decode(path.read_bytes(), type=Manifest)
    except FileNotFoundError:
        raise UnusableBackup(f"{directory} is not a complete backup: it has no {NAME}") from None
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise UnusableBackup(f"{path} is damaged ({type(error).__name__}): use another backup") from None
    if manifest.format > FORMAT:
        raise UnusableBackup(f"{directory} was made by Letrics {manifest.letrics}, a newer version: upgrade Letrics")
    if any(Path(name).name != name for name in manifest.files):
        raise UnusableBackup(f"{path} names files outside of the backup: use another backup")
    return manifest


def verify_backup(directory: Path, progress: Progress) -> Manifest:
    """Read all files of a backup and compare them with its manifest. Raises UnusableBackup."""
    manifest = read_manifest(directory)
    for name, expected in manifest.files.items():
        path = directory / name
        extra = [found.name for end in _SIDE_FILES if (found := path.with_name(name + end)).exists()]
        if extra:
            raise UnusableBackup(
                f"{directory} has {extra[0]}, which is not part of the backup: remove it, or use another"
            )
        check_file(path, expected, lambda: describe_file(path, progress))  # noqa: B023 (called at once)
    return manifest


def check_file(path: Path, expected: BackupFile, describe: Callable[[], BackupFile]) -> None:
    """Raise UnusableBackup unless a file is there and is what the manifest says."""
    try:
        found = describe()
    except FileNotFoundError:
        raise UnusableBackup(f"{path} is missing: use another backup") from None
    if found != expected:
        size = "" if found.bytes == expected.bytes else f" and {found.bytes:,} bytes instead of {expected.bytes:,}"
        raise UnusableBackup(
            f"{path} is damaged: it has the SHA-256 {found.sha256[:12]}… instead of {expected.sha256[:12]}…{size}: "
            "use another backup"
        )
