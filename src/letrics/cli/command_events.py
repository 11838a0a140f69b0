"""Writes what commands do to the security log of the data directory.

Commands that only read records or settings leave no event; an export does. A new command leaves one with its name. One
that only reads with some of its options calls `skip_event` then.
"""

from __future__ import annotations

import os
import pwd
from collections.abc import Callable
from contextlib import suppress
from functools import wraps
from typing import TYPE_CHECKING, Any, Final

import click

from letrics.cli.exit_codes import USAGE, Failed

if TYPE_CHECKING:
    from letrics.cli.context import CliSession
    from letrics.logs.security_log import Result

_NO_EVENT: Final = frozenset(
    {
        "imports", "search", "count", "show", "serve", "user list", "token list", "status", "demo", "help", "version",
        "completion", "duplicates list", "duplicates dismiss",
    }
)  # fmt: skip
"""Commands without an event. A server writes its own."""
_EVENTS: Final = {
    "undo": "import_undone",
    "delete": "records_deleted",
    "duplicates merge": "contacts_merged",
    "duplicates undo": "contacts_separated",
    "user add": "user_created",
    "user role": "role_changed",
    "user disable": "user_disabled",
    "user enable": "user_enabled",
    "user delete": "user_deleted",
    "user password": "password_changed",
    "user totp": "two_factor_off",
    "user invite": "invitation_created",
    "user reset": "reset_link_created",
    "user link": "sign_in_link_created",
    "token create": "token_created",
    "token revoke": "token_revoked",
}
"""The names of events that differ from those of their commands. They are those of the same actions over HTTP."""


def event_of(path: str) -> str | None:
    """The event of the command with the words `path`, such as `user add`; None if it leaves none."""
    return None if path in _NO_EVENT else _EVENTS.get(path, path.replace(" ", "_").replace("-", "_"))


def record_events(command: click.Command, path: str) -> click.Command:
    """Have a command and its subcommands write their events."""
    if isinstance(command, click.Group):
        for name, below in command.commands.items():
            record_events(below, f"{path} {name}")
    event = event_of(path)
    if event is not None and command.callback is not None and not isinstance(command, click.Group):
        command.callback = _recorded(command.callback, event)
    return command


def _recorded(run: Callable[..., Any], event: str) -> Callable[..., Any]:
    @wraps(run)
    def recorded(*arguments: Any, **options: Any) -> Any:
        from letrics.logs.request_context import begin_request

        context = begin_request()
        result: Result | None = "failed"
        try:
            done = run(*arguments, **options)
            result = "ok"
            return done
        except (click.UsageError, click.Abort):
            result = None
            raise
        except Failed as error:
            result = None if error.code == USAGE else result
            raise
        finally:
            if context.is_event and result is not None:
                with suppress(Exception):  # the settings may be invalid: the command has said so
                    _write(event, result, context.details)

    return recorded


def _write(event: str, result: Result, details: dict[str, Any]) -> None:
    from letrics.cli.context import current
    from letrics.logs.security_log import open_security_log

    session = current(click.get_current_context())
    settings = session.settings()
    if not session.home.path.is_dir() and not (settings.database and _make(session)):
        return
    log = open_security_log(session.home.path, settings.security_log, settings.security_log_mb)
    user = details.pop("user", None)
    log.write(event, result, user=user, **_caller(), **details)
    if log.failures:
        session.say(_missing(session))


def _make(session: CliSession) -> bool:
    """Create the home for the log: with a database on a server, a host can have none until then."""
    try:
        session.home.make()
    except OSError:
        session.say(_missing(session))
        return False
    return True


def _missing(session: CliSession) -> str:
    return f"this command is missing in {session.home.path}/security.log, which cannot be written"


def _caller() -> dict[str, Any]:
    """Who runs the command: the account of the system, and the one that became root by sudo."""
    try:
        name = pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:
        name = str(os.geteuid())
    return {"system_user": name, "sudo_user": os.environ.get("SUDO_USER")}
