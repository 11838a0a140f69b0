"""Write what the documentation says of the command line, the settings and import columns, from the program itself.

    python -m scripts.describe_program

A test fails while the file is not what this would write.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final, get_type_hints

import click
import msgspec
from msgspec import inspect

from letrics.cli import cli
from letrics.cli.examples import listed
from letrics.cli.group import shared_options
from letrics.ingest.columns import COLUMNS
from letrics.settings import Settings
from letrics.web.docs.program import FILE, Column, Command, Option, Program, Setting

TARGET: Final = Path(__file__).parents[1] / "src" / "letrics" / "web" / "docs" / FILE


def describe() -> bytes:
    """The file's content."""
    shared = [_option(option, click.Context(cli)) for option in shared_options()]
    program = Program(shared, _commands(cli, None, "letrics"), _settings(), _columns())
    return msgspec.json.format(msgspec.json.encode(program), indent=1) + b"\n"


def _commands(command: click.Command, parent: click.Context | None, name: str) -> list[Command]:
    context = click.Context(command, info_name=name, parent=parent)
    if isinstance(command, click.Group):
        below = [(word, command.get_command(context, word)) for word in command.list_commands(context)]
        return [made for word, found in below if found is not None for made in _commands(found, context, word)]
    shared = {option.opts[0] for option in shared_options()}
    own = [p for p in command.params if isinstance(p, click.Option) and p.opts[0] not in shared and not p.hidden]
    usage = " ".join([context.command_path, *_usage(command, context, bool(own))])
    help = re.sub(r"\s+", " ", (command.help or "").strip())
    options = [_option(option, context) for option in own]
    return [Command(context.command_path, usage, help, options, listed(command.epilog))]


def _usage(command: click.Command, context: click.Context, options: bool) -> list[str]:
    pieces = [piece for piece in command.collect_usage_pieces(context) if piece != "[OPTIONS]"]
    return [*pieces, "[OPTIONS]"] if options else pieces


def _option(option: click.Option, context: click.Context) -> Option:
    value = "" if option.is_flag else " " + option.make_metavar(context)
    needed = " Required." if option.required else ""
    return Option(", ".join(option.opts) + value, (option.help or "") + needed)


def _settings() -> list[Setting]:
    defaults = msgspec.to_builtins(Settings())
    hints = get_type_hints(Settings, include_extras=True)
    listed = []
    for name, default in defaults.items():
        info = inspect.type_info(hints[name])
        extra = getattr(info, "extra_json_schema", None) or {}
        listed.append(Setting(name, _shown(default), extra.get("description", "")))
    return listed


def _shown(value: object) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value)) or "none"
    return str(value).lower() if isinstance(value, bool) else str(value) or "none"


def _columns() -> dict[str, list[Column]]:
    return {
        kind: [Column(name, column.is_list) for name, column in columns.items()] for kind, columns in COLUMNS.items()
    }


if __name__ == "__main__":
    TARGET.write_bytes(describe())
