"""One run of the command line: the data directory, the settings, and the output on standard output and error."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import msgspec

if TYPE_CHECKING:
    from rich.console import Console

    from letrics.backends import HomeBackends
    from letrics.engines.pace import Pace
    from letrics.settings import Home, Settings
    from letrics.store.base import Reader, Store


@dataclass(slots=True)
class CliSession:
    """One run of the command line.

    `home_given` is `--home`; None means the environment variable or the default. `make_backends` chooses
    the back ends; None means `open_backends`, which is imported when it is needed.
    """

    home_given: Path | None = None
    json: bool = False
    make_backends: Callable[[Home, Settings], HomeBackends] | None = None
    _console: Console | None = field(default=None, repr=False)
    _backends: HomeBackends | None = field(default=None, repr=False)

    @property
    def home(self) -> Home:
        """The data directory. It may not exist yet."""
        from letrics.settings import Home, default_home

        return Home((self.home_given or default_home()).expanduser().absolute())

    def existing_home(self) -> Home:
        """The data directory, for commands that must not create one. Raises UsageError if it has no data."""
        home, backends = self.home, self.backends()
        if not backends.accounts.exists() and not backends.store.exists():
            raise self._no_data()
        return home

    def place(self) -> str:
        """Where the data is, in messages: the data directory, or the URL of the database without its password."""
        from letrics.database_url import without_password

        return without_password(self.settings().database) or str(self.home.path)

    def _no_data(self) -> click.UsageError:
        hint = "" if self.settings().database else ", or pass the data directory with --home DIR"
        return click.UsageError(f"there is no data in {self.place()}: import a file first (letrics import FILE){hint}")

    @property
    def console(self) -> Console:
        """The console on standard error, for progress and notices. Standard output is reserved for results."""
        if self._console is None:
            from rich.console import Console

            self._console = Console(stderr=True, highlight=False, soft_wrap=True)
        return self._console

    def settings(self, flags: Mapping[str, Any] | None = None) -> Settings:
        """Load the effective settings. Raises SettingsError."""
        from letrics.settings import load_settings

        return load_settings(self.home.path, flags)

    def backends(self) -> HomeBackends:
        """The store and the engine of the data directory. Raises SettingsError."""
        from letrics.backends import open_backends
        from letrics.cli.upgrade_notices import show_upgrades

        if self._backends is None:
            show_upgrades(self.say)
            self._backends = (self.make_backends or open_backends)(self.home, self.settings())
        return self._backends

    def pace(self, store: Store) -> Pace:
        """The pace at which `store` is written, so that the servers of the data directory keep up."""
        return self.backends().pace(self.home.followers, store)

    def open_store(self, create: bool = False) -> Store:
        """Open the log store.

        Raises UsageError if the data directory has no store and `create` is false; StoreAway, StoreTooNew.
        """
        home, store = self.home, self.backends().store
        if create:
            home.make()
        elif not store.exists():
            raise self._no_data()
        return store.open(create=create)

    def open_reader(self) -> Reader:
        """Open the log store for reads that must not wait. Raises StoreAway, StoreTooNew."""
        return self.backends().store.open_reader()

    def say(self, text: str) -> None:
        """Print a notice for the user on standard error."""
        self.console.print(text, markup=False)

    def print_result(self, value: object, lines: str | None = None) -> None:
        """Print the result on standard output: `value` as JSON in UTF-8 with `--json`, otherwise `lines`."""
        if self.json:
            out = msgspec.json.format(msgspec.json.encode(value), indent=2)
            sys.stdout.flush()
            sys.stdout.buffer.write(out + b"\n")
        elif lines is not None:
            sys.stdout.write(lines + "\n")
        sys.stdout.flush()  # a command that keeps running must not hold its result back from a pipe


def current(context: click.Context) -> CliSession:
    """Return the session of the running command, and create it on first use."""
    return context.find_root().ensure_object(CliSession)


pass_session = click.make_pass_decorator(CliSession, ensure=True)
"""Decorator that passes the CliSession to a command as its first argument."""
