"""`letrics copy`: copies records, imports and accounts into another database."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click
import msgspec

from letrics.cli.context import CliSession, pass_session
from letrics.cli.examples import examples
from letrics.cli.exit_codes import DATA, Failed
from letrics.plurals import counted

if TYPE_CHECKING:
    from letrics.backends.home_copy import CopiedHome

_EXAMPLES = (
    "letrics copy --to postgresql://letrics@db.example/letrics",
    "letrics copy --to sqlite",
)


@click.command(short_help="Copy everything into another database.", epilog=examples(*_EXAMPLES))
@click.option(
    "--to",
    "url",
    required=True,
    metavar="URL",
    help="The database to copy into, as in the setting `database`, or sqlite for the files of the home.",
)
@click.option("--replace-users", is_flag=True, help="Delete users of that database who are not in this one.")
@pass_session
def copy(session: CliSession, url: str, replace_users: bool) -> int:
    """Copy all records, imports and accounts into another database, and compare both row by row.

    The database that the settings name can be used meanwhile. An interrupted copy is continued by the same command. To
    change over: copy, stop all servers, copy again (which only takes what has changed since), set `database`, and start
    the servers.
    """
    from letrics.backends import open_backends
    from letrics.backends.home_copy import CopyOptions, copy_home
    from letrics.cli.progress import Meter
    from letrics.database_url import without_password
    from letrics.store.copying.copier import CannotCopy

    home, settings = session.existing_home(), session.settings()
    there = "" if url == "sqlite" else url
    shown = "SQLite" if not there else without_password(there)
    if there == settings.database:
        raise click.UsageError(f"the records are in {shown} already: --to is the database to copy them into")
    if not there:
        home.make()  # a home of which only the database on a server exists
    target = open_backends(home, msgspec.structs.replace(settings, database=there))
    with Meter(session.console) as meter:
        try:
            done = copy_home(session.backends(), target, meter.of_copy, CopyOptions(replace_users=replace_users))
        except CannotCopy as error:
            raise Failed(str(error), DATA) from None
    session.print_result(_facts(done, shown), "\n".join(_lines(done, shown)))
    return DATA if done.differences else 0


def _facts(done: CopiedHome, shown: str) -> dict[str, Any]:
    return {
        "to": shown,
        "companies": done.counts.companies,
        "contacts": done.counts.contacts,
        "change": done.log.position.seq,
        "brought_up_to_date": done.log.changed,
        "account_rows": done.accounts,
        "verified_rows": done.log.verified + done.accounts,
        "differences": [str(each) for each in done.differences],
        "behind": done.behind,
    }


def _lines(done: CopiedHome, shown: str) -> list[str]:
    records = f"{counted(done.counts.companies, 'company')} and {counted(done.counts.contacts, 'contact')}"
    lines = [f"{shown} has {records}, as of change {done.log.position.seq:,}"]
    if done.log.changed:
        lines.append(f"{counted(done.log.changed, 'record')} had changed since the copy before")
    lines += [str(each) for each in done.differences]
    if not done.differences:
        lines.append(f"verified {counted(done.log.verified + done.accounts, 'row')}: both databases are equal")
    if done.behind:
        lines.append(f"{counted(done.behind, 'change')} came meanwhile: run the command again to copy them")
    return lines
