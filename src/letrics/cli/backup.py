"""`letrics backup`: makes a backup while servers and imports run, or verifies one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import msgspec

from letrics.cli.context import CliSession, pass_session
from letrics.cli.examples import examples
from letrics.cli.exit_codes import DATA, Failed
from letrics.cli.number_types import FROM_ONE
from letrics.cli.path_type import GivenPath
from letrics.logs.request_context import skip_event
from letrics.plurals import counted

if TYPE_CHECKING:
    from collections.abc import Callable

    from letrics.backends.backup.making import MadeBackup
    from letrics.backends.backup.manifest import Manifest

_EXAMPLES = (
    "letrics backup /var/backups/letrics --keep 7",
    "letrics backup /var/backups/letrics --verify",
)


@click.command(short_help="Make a backup, or verify one.", epilog=examples(*_EXAMPLES))
@click.argument("directory", metavar="DIR", type=GivenPath(file_okay=False, path_type=Path))
@click.option("--keep", type=FROM_ONE, metavar="N", help="Afterwards delete all but the newest N backups in DIR.")
@click.option("--verify", is_flag=True, help="Make no backup: verify the one in DIR, or the newest one there.")
@pass_session
def backup(session: CliSession, directory: Path, keep: int | None, verify: bool) -> int:
    """Add a backup to DIR, in a directory named by its time. Servers and imports can run meanwhile.

    It has the records, imports, users, tokens and settings, compared row by row with the database. The same command
    continues an interrupted backup. `letrics restore` restores it, into SQLite or PostgreSQL.
    """
    if verify:
        if keep is not None:
            raise click.UsageError("--keep deletes backups, and --verify only reads one: use either of them")
        skip_event()
        return _verify(session, directory)
    from letrics.backends.backup.making import make_backup
    from letrics.cli.progress import Meter
    from letrics.store.copying.copier import CannotCopy

    home, directory = session.existing_home(), directory.expanduser().absolute()
    if directory.resolve().is_relative_to(home.path.resolve()):
        session.say(f"warning: {directory} is in the data directory, and would be lost together with it")
    with Meter(session.console) as meter:
        try:
            made = make_backup(home, session.backends(), directory, meter.of_copy, keep)
        except CannotCopy as error:
            raise Failed(f"no backup was made: {error}", DATA) from None
    session.print_result(_facts(made), "\n".join(_lines(made)))
    return 0


def _verify(session: CliSession, directory: Path) -> int:
    from letrics.backends.backup.shelf import find_backup
    from letrics.cli.progress import Meter

    with usable(), Meter(session.console) as meter:
        found = find_backup(directory.expanduser().absolute())
        manifest = verified(found, meter.of_copy)
    session.print_result(
        {"backup": str(found), "ok": True, **msgspec.to_builtins(manifest)}, f"{found}\nverified: {described(manifest)}"
    )
    return 0


class usable:
    """Context manager that ends the command where a backup cannot be used."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        from letrics.backends.backup.manifest import UnusableBackup

        if isinstance(error, UnusableBackup):
            raise Failed(str(error), DATA) from None


def verified(backup: Path, progress: Callable[[str, int, int], None]) -> Manifest:
    """Compare a backup with its manifest. Raises UnusableBackup, which names an older one if there is one."""
    from letrics.backends.backup.manifest import UnusableBackup, verify_backup
    from letrics.backends.backup.shelf import find_older

    try:
        return verify_backup(backup, progress)
    except UnusableBackup as error:
        older = find_older(backup)
        raise UnusableBackup(f"{error}" if older is None else f"{error}. The one before is {older}") from None


def described(manifest: Manifest) -> str:
    """What a backup has, in words."""
    records = f"{counted(manifest.companies, 'company')}, {counted(manifest.contacts, 'contact')}"
    size = sum(file.bytes for file in manifest.files.values())
    return (
        f"{records} and {counted(manifest.users, 'user')}, as of {manifest.made_at} (change {manifest.change:,}), from "
        f"{manifest.database}, {size / 1e6:,.1f} MB"
    )


def _facts(made: MadeBackup) -> dict[str, Any]:
    return {
        "backup": str(made.path),
        "continued": made.continued,
        "verified_rows": made.verified_rows,
        "deleted": [str(path) for path in made.deleted],
        **msgspec.to_builtins(made.manifest),
    }


def _lines(made: MadeBackup) -> list[str]:
    lines = [str(made.path), described(made.manifest)]
    lines.append(f"verified {counted(made.verified_rows, 'row')}: the backup is equal to the database")
    if made.deleted:
        lines.append(f"deleted {counted(len(made.deleted), 'older backup')}")
    return lines
