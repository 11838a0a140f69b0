"""The command line: one thin module per command group, imported when the command is called."""

from __future__ import annotations

from typing import Final

import click

from letrics.cli.group import LazyGroup, shared_options

COMMANDS: Final[dict[str, tuple[str, str]]] = {
    "import": ("letrics.cli.load:load", "Load companies or contacts from files."),
    "export": ("letrics.cli.export:export", "Write companies or contacts to a file."),
    "search": ("letrics.cli.search:search", "Search companies or contacts."),
    "delete": ("letrics.cli.delete:delete", "Delete companies or contacts."),
    "serve": ("letrics.cli.serve:serve", "Serve the API and the pages."),
    "user": ("letrics.cli.user:user", "Manage users."),
    "token": ("letrics.cli.token:token", "Manage API tokens."),
    "status": ("letrics.cli.status:status", "Say what is loaded, how fresh and how big."),
    "check": ("letrics.cli.check:check", "Verify store and index against each other."),
    "demo": ("letrics.cli.demo:demo", "Serve a bundled sample, in a directory of its own."),
    "help": ("letrics.cli.about:help_", "Show the help of a command."),
    "version": ("letrics.cli.about:version", "Show the version."),
    "completion": ("letrics.cli.completion:completion", "Print a completion script for bash, zsh or fish."),
}
"""Each command: where it lives, as module:attribute, and its line in `letrics --help`."""


def _version(context: click.Context, _: click.Parameter, value: bool) -> None:
    if value:
        from letrics import __version__

        click.echo(f"letrics {__version__}")
        context.exit()


cli = LazyGroup(
    "letrics",
    lazy=COMMANDS,
    help="Search your own companies and contacts.",
    epilog="Exit codes: 0 done, 1 data problems, 2 wrong usage, 3 environment, 130 interrupted.",
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
    """Entry point of the `letrics` program; leaves by SystemExit with the exit code."""
    cli.main(prog_name="letrics")
