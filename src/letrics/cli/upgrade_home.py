"""`letrics upgrade`: brings the databases to the format of this version after copying them, and goes back."""

from __future__ import annotations

from pathlib import Path

import click

from letrics.cli.context import CliSession, pass_session
from letrics.cli.examples import examples
from letrics.cli.exit_codes import ENVIRONMENT, USAGE, Failed
from letrics.cli.path_type import GivenPath
from letrics.cli.progress import Meter
from letrics.logs.request_context import skip_event
from letrics.plurals import counted_people
from letrics.store.base import StoreAway, StoreTooNew


@click.command(
    short_help="Upgrade the databases, with a copy first.",
    epilog=examples("letrics upgrade", "letrics upgrade --back before-0.2.0"),
)
@click.option("--dry-run", is_flag=True, help="Only show what would be upgraded.")
@click.option("--back", metavar="DIR", type=GivenPath(path_type=Path),
              help="Put the copies in DIR back; stop the server first.")  # fmt: skip
@pass_session
def upgrade(session: CliSession, dry_run: bool, back: Path | None) -> int:
    """Upgrade the databases in the data directory to the format of this version.

    The databases and the settings are first copied to a directory before-VERSION in the data directory, and the copies
    are checked. A server or command also upgrades them when it opens them, without a copy.
    """
    home = session.existing_home()
    if session.settings().database:
        return _describe_server(session, dry_run, back)
    from letrics.backends.going_back import describe_losses
    from letrics.backends.upgrading import CannotUpgrade, copy_files, put_back, read_formats

    try:
        if back is not None:
            copies = back if back.is_absolute() or back.is_dir() else home.path / back
            forgotten, losses = _count_forgotten(session), describe_losses(home, copies)
            aside = put_back(home, copies)
            for words in losses:
                session.say(f"warning: {words}")
            if forgotten:
                session.say(
                    f"warning: the newer databases know {counted_people(forgotten)} who had been forgotten. "
                    "Those of them who were forgotten after the upgrade are in the copies: delete them there, and "
                    "forget them again after the next upgrade"
                )
            session.print_result(
                {"restored": str(copies), "moved": str(aside), "forgotten": forgotten, "warnings": losses},
                f"the databases of {copies} are back; the newer ones are in {aside}\n"
                "now install the earlier version and start its server",
            )
            return 0
        formats = read_formats(home)
        old = [each for each in formats if each.is_old]
        shown = [f"{each.path.name}: format {each.found}, this version has {each.known}" for each in formats]
        plain = [{"file": each.path.name, "format": each.found, "known": each.known} for each in formats]
        if dry_run or not old:
            skip_event()
            shown.append("nothing to upgrade" if not old else "run letrics upgrade to upgrade")
            session.print_result({"files": plain, "copies": None, "upgraded": False}, "\n".join(shown))
            return 0
        with Meter(session.console) as meter:
            copied = copy_files(home, lambda name, done, total: meter.show(f"copying {name}", done, total, ""))
    except CannotUpgrade as error:
        raise Failed(str(error), ENVIRONMENT) from None
    session.say(f"copied to {copied}")
    backends = session.backends()
    if backends.accounts.exists():
        backends.accounts.open(create=True).close()
    if backends.store.exists():
        backends.store.open(create=True).close()
    after = "start the server; to go back, stop it and run: letrics upgrade --back " + copied.name
    session.print_result(
        {"files": plain, "copies": str(copied), "upgraded": True}, "\n".join([*shown, f"upgraded: {after}"])
    )
    return 0


def _describe_server(session: CliSession, dry_run: bool, back: Path | None) -> int:
    """Say whether the database on a server is old. Raises Failed if it is: its own tools have to copy it first."""
    from letrics.backends.postgres_formats import has_old_tables

    if back is not None:
        raise Failed(f"{session.place()} has no copies in the data directory: restore the one of pg_dump", USAGE)
    if has_old_tables(session.settings().database):
        text = (
            f"{session.place()} is upgraded by the first server or command that opens it, without a copy: copy it "
            "before with pg_dump (docs/upgrade.md)"
        )
        if not dry_run:
            raise Failed(text, USAGE)
    else:
        text = f"{session.place()}: nothing to upgrade"
    skip_event()
    session.print_result({"files": [], "copies": None, "upgraded": False}, text)
    return 0


def _count_forgotten(session: CliSession) -> int:
    """The number of people on the list of forgotten ones; 0 if the database has none or cannot be read: a damaged one
    must not keep the user from going back."""
    from letrics.backends.upgrading import read_formats

    try:
        if not session.backends().store.exists() or any(each.is_old for each in read_formats(session.home)):
            return 0
        with session.open_store() as store:
            return sum(day.people for day in store.forgotten_days())
    except (StoreAway, StoreTooNew):
        return 0
