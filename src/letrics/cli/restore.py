"""`letrics restore`: restores a backup into the database of a home."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click
import msgspec

from letrics.cli.backup import described, usable, verified
from letrics.cli.context import CliSession, pass_session
from letrics.cli.examples import examples
from letrics.cli.exit_codes import DATA, USAGE, Failed
from letrics.cli.path_type import GivenPath
from letrics.logs.request_context import skip_event
from letrics.plurals import counted, counted_people

if TYPE_CHECKING:
    from letrics.backends.backup.restoring import Occupied

_EXAMPLES = (
    "letrics restore /var/backups/letrics",
    "letrics restore /var/backups/letrics/2026-11-29T031500Z --replace",
)


@click.command(short_help="Restore a backup.", epilog=examples(*_EXAMPLES))
@click.argument("directory", metavar="DIR", type=GivenPath(exists=True, file_okay=False, path_type=Path))
@click.option("--replace", is_flag=True, help="Restore although there is data. It is set aside in the home.")
@click.option("--yes", is_flag=True, help="Do not ask for confirmation.")
@click.option("--dry-run", is_flag=True, help="Verify the backup and say what would be done.")
@pass_session
def restore(session: CliSession, directory: Path, replace: bool, yes: bool, dry_run: bool) -> int:
    """Restore the backup in DIR, or the newest one there, into the database that the settings name.

    All servers must be stopped. The backup is verified first. An interrupted restore is continued by the same command.
    Users sign in again afterwards; their passwords and tokens are those of the backup.
    """
    from letrics.backends.backup.restoring import find_occupied, restore_backup
    from letrics.backends.backup.shelf import find_backup
    from letrics.cli.progress import Meter
    from letrics.engines.served.offering import is_offered
    from letrics.store.copying.copier import CannotCopy

    if dry_run:
        skip_event()
    home, backends = session.home, session.backends()
    with usable(), Meter(session.console) as meter:
        found = find_backup(directory.expanduser().absolute())
        manifest = verified(found, meter.of_copy)
    session.say(f"{found} has {described(manifest)}, and is complete")
    occupied = find_occupied(home, backends, manifest)
    session.say(
        f"it is restored into {session.place()}" + ("" if occupied is None else f", which has {_words(occupied)}")
    )
    if dry_run:
        facts = {"backup": str(found), "occupied": occupied, **msgspec.to_builtins(manifest)}
        session.print_result(facts, "nothing was restored (--dry-run)")
        return 0
    if is_offered(home.engine_socket):
        raise Failed(f"a server of {home.path} is running: stop all servers first", USAGE)
    if occupied is not None:
        _confirm(replace, yes)
    with usable(), Meter(session.console) as meter:
        try:
            done = restore_backup(home, backends, found, manifest, meter.of_copy, replace=replace)
        except CannotCopy as error:
            raise Failed(f"the backup was not restored: {error}", DATA) from None
    lines = [f"restored {counted(manifest.companies, 'company')} and {counted(manifest.contacts, 'contact')}"]
    if done.aside is not None:
        lines.append(f"the former data is in {done.aside}: delete it when all is well")
    if done.settings:
        lines.append(f"settings were restored, too: see {home.path / 'letrics.toml'}")
    if done.forgotten:
        lines.append(f"forgotten again, since the backup is older: {counted_people(done.forgotten)}")
    elif done.forgotten is None:
        lines.append("the former data cannot be read: forget again whom you had forgotten since the backup")
    facts = {
        "backup": str(found), "aside": str(done.aside) if done.aside else None, "settings": done.settings,
        "forgotten": done.forgotten,
    }  # fmt: skip
    session.print_result({**facts, **msgspec.to_builtins(manifest)}, "\n".join(lines))
    return 0


def _words(occupied: Occupied) -> str:
    if occupied.companies is None or occupied.contacts is None or occupied.users is None:
        return "data already"
    records = f"{counted(occupied.companies, 'company')}, {counted(occupied.contacts, 'contact')}"
    return f"{records} and {counted(occupied.users, 'user')} already"


def _confirm(replace: bool, yes: bool) -> None:
    if not replace:
        raise Failed("nothing was restored: add --replace to set that data aside, or pass another --home", USAGE)
    if yes:
        return
    if not sys.stdin.isatty():
        raise Failed("nothing was restored: not a terminal, pass --yes to confirm", USAGE)
    if not click.confirm("set it aside and restore the backup?", err=True):
        raise click.Abort
