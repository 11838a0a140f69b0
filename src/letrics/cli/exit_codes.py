"""Expected failures of the command line: one line on standard error and an exit code, without a traceback."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import click

if TYPE_CHECKING:
    from letrics.cli.context import CliSession

DATA: Final = 1
"""The exit code for a problem in the data."""
USAGE: Final = 2
"""The exit code for wrong usage of the command."""
ENVIRONMENT: Final = 3
"""The exit code for a problem of the environment, such as a full disk or a taken port."""
INTERRUPTED: Final = 130
"""The exit code after Ctrl-C or a refused confirmation."""


class Failed(Exception):
    """An expected failure that ends a command. `code` is the exit code."""

    def __init__(self, text: str, code: int) -> None:
        super().__init__(text)
        self.code = code


def exit_code(error: BaseException) -> int | None:
    """Report `error` on standard error and return its exit code. Returns None for an unexpected error (a bug)."""
    if isinstance(error, KeyboardInterrupt | click.Abort):
        _tell("interrupted")
        return INTERRUPTED
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        error.show()
        return USAGE
    if isinstance(error, click.UsageError):
        if error.ctx is not None:
            click.echo(error.ctx.get_usage(), err=True)
        _tell(error.format_message())
        return USAGE
    if isinstance(error, click.exceptions.Exit):
        return error.exit_code
    if isinstance(error, click.ClickException):
        _tell(error.format_message())
        return ENVIRONMENT if isinstance(error, click.FileError) else USAGE
    if isinstance(error, Failed):
        _tell(str(error))
        return error.code
    if isinstance(error, BrokenPipeError):
        return _reader_went_away()
    if isinstance(error, OSError):
        return _system(error)
    return _program_error_exit_code(error)


def _program_error_exit_code(error: BaseException) -> int | None:
    """Report an exception of a lower layer and return its exit code. Imports here keep `--help` fast."""
    from letrics.engines.base import EngineAway, EngineLoading, OutOfTime
    from letrics.errors import LetricsError
    from letrics.settings import SettingsError
    from letrics.store.base import StoreAway, StoreTooNew
    from letrics.store.duplicate_record import NoPair, UnknownContact
    from letrics.store.import_record import NotUndoable, UnknownImport

    if isinstance(error, NotUndoable | UnknownImport | NoPair | UnknownContact):
        _tell(str(error))
        return DATA
    if isinstance(error, SettingsError):
        _tell(str(error))
        return USAGE
    if isinstance(error, LetricsError):
        for problem in error.problems:
            _tell(problem.details)
        return USAGE if error.kind.code < 500 else ENVIRONMENT
    if isinstance(error, StoreTooNew):
        _tell(f"{str(error) or 'the database was written by a newer version'}: upgrade letrics")
        return ENVIRONMENT
    if isinstance(error, StoreAway):
        _tell(str(error) or "the database is not available")
        return ENVIRONMENT
    if isinstance(error, OutOfTime):
        _tell("the query exceeded its time budget: raise query_budget_ms in letrics.toml, or narrow the filter")
        return ENVIRONMENT
    if isinstance(error, EngineLoading):
        _tell("the index is still loading: try again")
        return ENVIRONMENT
    if isinstance(error, EngineAway):
        _tell(str(error) or "the search engine is not available")
        return ENVIRONMENT
    if isinstance(error, MemoryError):
        _tell("not enough memory")
        return ENVIRONMENT
    return None


def damage_exit_code(session: CliSession, error: BaseException) -> int | None:
    """Report that the database is damaged, which is why an unexpected error ended the command; returns the exit code.

    Returns None if the database is sound: then the error is a bug. Verifies the whole database, which may take minutes.
    """
    from letrics.cli.damage import find_damage

    _tell(f"an unexpected error ({type(error).__name__}): checking whether the database is damaged")
    found = find_damage(session)
    if found is None:
        return None
    _tell(
        f"the database is damaged, which ended this command ({type(error).__name__}): {found}. Run `letrics check`, "
        "which lists all damage, then restore a backup, or repair it with `letrics check --repair`"
    )
    return ENVIRONMENT


def report_argument_not_text(words: Sequence[str], error: Exception) -> int | None:
    """Report the first of the `words` of the command line that is not UTF-8, if that ended the command with `error`."""
    if not isinstance(error, UnicodeEncodeError):
        return None
    for word in words:
        try:
            word.encode("utf-8")
        except UnicodeEncodeError:
            _tell(f"the argument {word!a} is not UTF-8: correct it, or run the command in a UTF-8 locale")
            return USAGE
    return None


def _system(error: OSError) -> int:
    what = error.strerror or str(error)
    where = f"{error.filename}: " if error.filename else ""
    fix = {
        errno.ENOSPC: ": free some disk space and run the command again",
        errno.EACCES: ": change the permissions, or choose another path",
        errno.EROFS: ": choose a path on a writable file system",
        errno.EDQUOT: ": free some disk space and run the command again",
    }.get(error.errno or 0, "")
    _tell(f"{where}{what}{fix}")
    return ENVIRONMENT


def _reader_went_away() -> int:
    # The process that read our output (head, less) has closed the pipe. The flush at exit must not fail.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return ENVIRONMENT


def _tell(text: str) -> None:
    click.echo(f"letrics: {text}", err=True)
