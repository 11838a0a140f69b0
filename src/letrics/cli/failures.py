"""Expected failures as the command line tells them: a clear line to standard error and an exit code, no traceback."""

from __future__ import annotations

import errno
import os
import sys
from typing import Final

import click

DATA: Final = 1
USAGE: Final = 2
ENVIRONMENT: Final = 3
INTERRUPTED: Final = 130


class Failed(Exception):
    """A command cannot go on for a reason it can name; `code` is the exit code."""

    def __init__(self, text: str, code: int) -> None:
        super().__init__(text)
        self.code = code


def exit_code(error: BaseException) -> int | None:
    """Tell of `error` on standard error and give its exit code; None where it is not an expected one (a bug)."""
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
    return _of_the_house(error)


def _of_the_house(error: BaseException) -> int | None:
    """The failures that the rooms below raise; imported here so that `--help` need not."""
    from letrics.engines.base import EngineLoading, OutOfTime
    from letrics.errors import LetricsError
    from letrics.settings import SettingsError
    from letrics.store.base import StoreAway, StoreTooNew

    if isinstance(error, SettingsError):
        _tell(str(error))
        return USAGE
    if isinstance(error, LetricsError):
        for problem in error.problems:
            _tell(problem.details)
        return USAGE if error.kind.code < 500 else ENVIRONMENT
    if isinstance(error, StoreTooNew):
        _tell(f"{str(error) or 'the database was written by a newer version'}: update letrics")
        return ENVIRONMENT
    if isinstance(error, StoreAway):
        _tell(str(error) or "the database cannot be reached")
        return ENVIRONMENT
    if isinstance(error, OutOfTime):
        _tell("the query exceeded its time budget: raise query_budget_ms in letrics.toml, or narrow the filter")
        return ENVIRONMENT
    if isinstance(error, EngineLoading):
        _tell("the index is not ready: try again")
        return ENVIRONMENT
    if isinstance(error, MemoryError):
        _tell("there is not enough memory")
        return ENVIRONMENT
    return None


def _system(error: OSError) -> int:
    what = error.strerror or str(error)
    where = f"{error.filename}: " if error.filename else ""
    mend = {
        errno.ENOSPC: ": free some space and run it again",
        errno.EACCES: ": give yourself access, or choose another place",
        errno.EROFS: ": choose another place",
        errno.EDQUOT: ": free some space and run it again",
    }.get(error.errno or 0, "")
    _tell(f"{where}{what}{mend}")
    return ENVIRONMENT


def _reader_went_away() -> int:
    # Whoever read our output (head, less) has enough: nobody is left to tell, and the flush at exit must not fail.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return ENVIRONMENT


def _tell(text: str) -> None:
    click.echo(f"letrics: {text}", err=True)
