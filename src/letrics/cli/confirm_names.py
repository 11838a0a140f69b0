"""Asks the user before an import changes the names of many stored records, which suggests a wrong column or id."""

from __future__ import annotations

import sys

import click

from letrics.cli.context import CliSession
from letrics.cli.exit_codes import INTERRUPTED, USAGE, Failed
from letrics.cli.progress import Meter
from letrics.store.name_changes import NameChanges


def confirm_names(session: CliSession, meter: Meter, name: str, changes: NameChanges) -> None:
    """Ask whether the file `name` may change these names. Raises Failed if not, or without a terminal."""
    if session.json or not sys.stdin.isatty():
        raise Failed(
            f"{name}: {changes}. Nothing was imported: check the columns and ids, or add --yes if the names are right "
            "(over HTTP, confirm_renames=true)",
            USAGE,
        )
    ask_about_names(session, meter, name, changes)


def ask_about_names(session: CliSession, meter: Meter, name: str, changes: NameChanges) -> None:
    """Ask the user on the terminal. Raises Failed if the names are not confirmed."""
    with meter.paused():
        session.say(f"{name}: {changes}")
        if not click.confirm("change them?", err=True):
            raise Failed(f"{name}: nothing was imported", INTERRUPTED)
