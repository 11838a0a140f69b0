"""The commands and their options, read from the command line of the program."""

from __future__ import annotations

import inspect
import re
from dataclasses import dataclass
from typing import Final

import click

from letrics.cli import cli
from letrics.cli.examples import listed
from letrics.cli.filter_options import FieldOption, options_by_kind
from letrics.cli.group import shared_options
from scripts.reference.markup import block, code, escape, table


@dataclass(frozen=True, slots=True)
class DocumentedOption:
    """An option of a command. `names` is its spelling, such as `--port PORT`."""

    names: str
    help: str


@dataclass(frozen=True, slots=True)
class DocumentedCommand:
    """One command. `usage` starts with its full name; `examples` are command lines."""

    name: str
    usage: str
    help: str
    options: list[DocumentedOption]
    examples: list[str]


FIELD_VALUE: Final = DocumentedOption("--FIELD VALUE", "A field of the filter, see Filter options. Repeatable.")
"""The row that stands for the options of all fields."""


def shared() -> list[DocumentedOption]:
    """Return the options that every command accepts."""
    return [_option(option, click.Context(cli)) for option in shared_options()]


def commands() -> list[DocumentedCommand]:
    """Return all commands in the order of the program's help."""
    return _commands(cli, None, "letrics")


def shared_table() -> str:
    """Describe the options that every command accepts."""
    return _options(shared())


def filter_options_table() -> str:
    """List the options of filter fields by the records that have them."""
    rows = [[records, ", ".join(map(code, names))] for records, names in options_by_kind().items()]
    return table(["Records", "Options"], rows)


def command_sections() -> str:
    """Describe all commands, each below a heading with its name."""
    return "\n\n".join(map(_section, commands()))


def _section(command: DocumentedCommand) -> str:
    parts = [f"### {command.name}", block(command.usage, "text")]
    for paragraph in command.help.split("\n\n"):
        if paragraph.startswith("\b\n"):
            parts.append(block(paragraph.removeprefix("\b\n"), "text"))
        else:
            parts.append(escape(" ".join(paragraph.split())))
    parts += [_options(command.options)] if command.options else []
    parts += [block("\n".join(command.examples), "sh server")] if command.examples else []
    return "\n\n".join(parts)


def _options(options: list[DocumentedOption]) -> str:
    return table(["Option", "Meaning"], [[code(option.names), escape(option.help)] for option in options])


def _commands(command: click.Command, parent: click.Context | None, name: str) -> list[DocumentedCommand]:
    context = click.Context(command, info_name=name, parent=parent)
    if isinstance(command, click.Group):
        below = [(word, command.get_command(context, word)) for word in command.list_commands(context)]
        return [made for word, found in below if found is not None for made in _commands(found, context, word)]
    known = {option.opts[0] for option in shared_options()}
    visible = [p for p in command.params if isinstance(p, click.Option) and p.opts[0] not in known and not p.hidden]
    own = [option for option in visible if not isinstance(option, FieldOption)]
    usage = " ".join([context.command_path, *_usage(command, context, bool(own))])
    help = inspect.cleandoc(command.help or "")
    options = [_option(option, context) for option in own]
    if len(own) < len(visible):
        options.insert(1, FIELD_VALUE)
    return [DocumentedCommand(context.command_path, usage, help, options, listed(command.epilog))]


def _usage(command: click.Command, context: click.Context, options: bool) -> list[str]:
    pieces = [piece for piece in command.collect_usage_pieces(context) if piece != "[OPTIONS]"]
    return [*pieces, "[OPTIONS]"] if options else pieces


def _option(option: click.Option, context: click.Context) -> DocumentedOption:
    value = "" if option.is_flag else " " + option.make_metavar(context)
    needed = " Required." if option.required else ""
    help = re.sub(r"\s+", " ", option.help or "")
    return DocumentedOption(", ".join(option.opts) + value, help + needed)
