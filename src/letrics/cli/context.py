"""What every command is given: where the data lies, how to answer, and the settings, read when first asked for."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import msgspec

if TYPE_CHECKING:
    from rich.console import Console

    from letrics.settings import Home, Settings
    from letrics.store.sqlite import SqliteStore


@dataclass(slots=True)
class Session:
    """One run of the command line. `home_given` is `--home`; None means the environment or the default decides."""

    home_given: Path | None = None
    json: bool = False
    _console: Console | None = field(default=None, repr=False)

    @property
    def home(self) -> Home:
        """The data directory (which need not exist yet)."""
        from letrics.settings import Home, default_home

        return Home((self.home_given or default_home()).expanduser().absolute())

    def existing_home(self) -> Home:
        """The data directory, for commands that must not create one. Raises UsageError where it holds no data."""
        home = self.home
        if not home.database.exists() and not home.accounts.exists():
            raise _no_data(home)
        return home

    @property
    def console(self) -> Console:
        """Standard error, for progress and remarks; standard output is for results alone."""
        if self._console is None:
            from rich.console import Console

            self._console = Console(stderr=True, highlight=False, soft_wrap=True)
        return self._console

    def settings(self, flags: Mapping[str, Any] | None = None) -> Settings:
        """The settings in force. Raises SettingsError."""
        from letrics.settings import load_settings

        return load_settings(self.home.path, flags)

    def open_store(self, create: bool = False) -> SqliteStore:
        """The log store. Without `create` a home that holds no data yet is wrong usage.

        Raises StoreAway, StoreTooNew.
        """
        from letrics.store.sqlite import SqliteStore

        home = self.home
        if create:
            home.make()
        elif not home.database.exists():
            raise _no_data(home)
        return SqliteStore.open(home.database, create=create)

    def say(self, text: str) -> None:
        """A remark for a person, on standard error."""
        self.console.print(text, markup=False)

    def answer(self, value: object, lines: str | None = None) -> None:
        """The result, on standard output: `value` as JSON with `--json`, else `lines`."""
        if self.json:
            out = msgspec.json.format(msgspec.json.encode(value), indent=2)
            sys.stdout.write(out.decode() + "\n")
        elif lines is not None:
            sys.stdout.write(lines + "\n")
        sys.stdout.flush()  # also into a pipe, when the command goes on running


def _no_data(home: Home) -> click.UsageError:
    return click.UsageError(
        f"there is no data in {home.path}: import some first (letrics import FILE), or name the directory that has it "
        "with --home DIR"
    )


def current(context: click.Context) -> Session:
    """The session of a running command (made when there is none yet)."""
    return context.find_root().ensure_object(Session)


pass_session = click.make_pass_decorator(Session, ensure=True)
"""Decorator: the command's first argument is the Session."""
