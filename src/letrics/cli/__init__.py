"""Command line: one thin module for each command, imported only when that command runs."""

from __future__ import annotations

from typing import Final

import click

from letrics.cli.group import LazyGroup, shared_options
from letrics.cli.standard_streams import make_output_tolerant, open_closed_streams

COMMANDS: Final[dict[str, tuple[str, str]]] = {
    "import": ("letrics.cli.load:load", "Import companies or contacts from files."),
    "imports": ("letrics.cli.imports:imports", "List past imports."),
    "undo": ("letrics.cli.undo:undo", "Undo imports."),
    "export": ("letrics.cli.export:export", "Export companies or contacts to a file."),
    "search": ("letrics.cli.search:search", "Search companies or contacts."),
    "count": ("letrics.cli.count:count", "Count companies or contacts."),
    "show": ("letrics.cli.show:show", "Show one record."),
    "delete": ("letrics.cli.delete:delete", "Delete companies or contacts."),
    "forget": ("letrics.cli.forget:forget", "Erase people for good."),
    "person": ("letrics.cli.person:person", "Show everything stored about a person."),
    "retention": ("letrics.cli.retention:retention", "Delete contacts that are older than you keep them."),
    "duplicates": ("letrics.cli.duplicates:duplicates", "List and decide on possible duplicates."),
    "serve": ("letrics.cli.serve:serve", "Run the HTTP API and the web pages."),
    "user": ("letrics.cli.user:user", "Manage users."),
    "token": ("letrics.cli.token:token", "Manage API tokens."),
    "status": ("letrics.cli.status:status", "Show record counts, last change and sizes on disk."),
    "check": ("letrics.cli.check:check", "Verify the store and the index."),
    "backup": ("letrics.cli.backup:backup", "Make a backup, or verify one."),
    "restore": ("letrics.cli.restore:restore", "Restore a backup."),
    "upgrade": ("letrics.cli.upgrade_home:upgrade", "Upgrade the databases, with a copy first."),
    "copy": ("letrics.cli.copy:copy", "Copy everything into another database."),
    "demo": ("letrics.cli.demo:demo", "Serve the bundled sample from a separate directory."),
    "help": ("letrics.cli.about:help_", "Show the help of a command."),
    "version": ("letrics.cli.about:version", "Show the version."),
    "completion": ("letrics.cli.shell_completion:completion", "Print a completion script for bash, zsh or fish."),
}
"""Command name → (`module:attribute`, one-line summary for `letrics --help`)."""


def _version(context: click.Context, _: click.Parameter, value: bool) -> None:
    if value:
        from letrics import __version__

        click.echo(f"letrics {__version__}")
        context.exit()


cli = LazyGroup(
    "letrics",
    lazy=COMMANDS,
    help="Search your own companies and contacts.",
    epilog="Exit codes: 0 success, 1 data problem, 2 usage error, 3 environment problem, 130 interrupted.",
    context_settings={"help_option_names": ["-h", "--help"]},
    params=[
        *shared_options(),
        click.Option(
            ["--version", "-V"],
            is_flag=True,
            is_eager=True,
            expose_value=False,
            callback=_version,
            help="Show the version.",
        ),
    ],
    no_args_is_help=True,
)


def main() -> None:
    """Run the `letrics` program. Raises SystemExit with the exit code."""
    open_closed_streams()
    make_output_tolerant()
    cli.main(prog_name="letrics")
