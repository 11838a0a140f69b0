"""Click group with lazy imports, shared options and exit codes.

A command's module is imported when the command runs. `--home` and `--json` are accepted before and after the command's
name. Each expected failure becomes one line on standard error and an exit code.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from letrics.cli.command_events import record_events
from letrics.cli.context import CliSession, current
from letrics.cli.exit_codes import damage_exit_code, exit_code, report_argument_not_text
from letrics.cli.path_type import GivenPath


def _home(context: click.Context, _: click.Parameter, value: Path | None) -> None:
    if value is not None:
        current(context).home_given = value


def _json(context: click.Context, _: click.Parameter, value: bool) -> None:
    if value:
        current(context).json = True


def shared_options() -> list[click.Option]:
    """Return the options that all commands accept, at any position of the command line."""
    return [
        click.Option(
            ["--home"], type=GivenPath(path_type=Path, file_okay=False), metavar="DIR", expose_value=False,
            is_eager=True, callback=_home,
            help="The data directory (default: $LETRICS_HOME, otherwise $XDG_DATA_HOME/letrics).",
        ),
        click.Option(
            ["--json"], is_flag=True, expose_value=False, is_eager=True, callback=_json,
            help="Print results as JSON.",
        ),
    ]  # fmt: skip


def share_options(command: click.Command) -> click.Command:
    """Add the shared options to `command` and its subcommands. Options of the same name are not replaced."""
    taken = {name for parameter in command.params for name in parameter.opts}
    command.params += [option for option in shared_options() if not taken & set(option.opts)]
    for below in getattr(command, "commands", {}).values():
        share_options(below)
    return command


class LazyGroup(click.Group):
    """A group that imports a command's module when the command is called.

    `lazy` maps a name to (`module:attribute`, one-line summary), so that `--help` imports no command.
    """

    def __init__(self, *args: Any, lazy: Mapping[str, tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lazy = lazy

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(self.lazy)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in self.commands and cmd_name in self.lazy:
            module, attribute = self.lazy[cmd_name][0].split(":")
            found = getattr(importlib.import_module(module), attribute)
            self.commands[cmd_name] = share_options(record_events(found, cmd_name))
        return self.commands.get(cmd_name)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name = args[0]
        if name not in self.lazy and not name.startswith("-"):
            import difflib

            near = difflib.get_close_matches(name, self.lazy, 1)
            hint = f"did you mean {near[0]}?" if near else f"the commands are {', '.join(self.lazy)}."
            ctx.fail(f"there is no command {name}: {hint}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Commands"):
            formatter.write_dl([(name, help) for name, (_, help) in self.lazy.items()])

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except BrokenPipeError as error:  # click would exit with 1, our code for a problem in the data
            return exit_code(error)

    def main(self, args: Sequence[str] | None = None, *rest: Any, **extra: Any) -> Any:
        """Run the command. Raises SystemExit: 0 success, 1 data problem, 2 usage, 3 environment, 130 interrupted."""
        extra["standalone_mode"] = False
        session = extra.setdefault("obj", CliSession())
        try:
            result = super().main(args, *rest, **extra)
        except Exception as error:
            code = exit_code(error)
            if code is None:
                code = report_argument_not_text(sys.argv[1:] if args is None else args, error)
            if code is None:
                code = damage_exit_code(session, error)
            if code is None:
                raise
            raise SystemExit(code) from None
        except KeyboardInterrupt:
            raise SystemExit(exit_code(KeyboardInterrupt())) from None
        raise SystemExit(result if isinstance(result, int) else 0)
