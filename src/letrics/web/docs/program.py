"""The command line and the settings, as a table that `python -m scripts.describe_program` writes.

It is a file because pages must not depend on the command line, whose modules stand on top of everything.
"""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import Final

import msgspec

FILE: Final = "program.json"


class Option(msgspec.Struct, frozen=True):
    """An option of a command: how it is written, and what it does."""

    names: str
    help: str


class Command(msgspec.Struct, frozen=True):
    """One command: `usage` begins with its whole name; `examples` are command lines."""

    name: str
    usage: str
    help: str
    options: list[Option]
    examples: list[str] = []


class Setting(msgspec.Struct, frozen=True):
    """One setting."""

    name: str
    default: str
    help: str


class Column(msgspec.Struct, frozen=True):
    """One column of an import file; `list` says that it holds several values."""

    name: str
    list: bool


class Program(msgspec.Struct, frozen=True):
    """All commands, the options they share, all settings, and the columns of import files by kind."""

    shared: list[Option]
    commands: list[Command]
    settings: list[Setting]
    columns: dict[str, list[Column]]


@cache
def program() -> Program:
    """The table. The same file is in the package."""
    return msgspec.json.decode((resources.files("letrics.web.docs") / FILE).read_bytes(), type=Program)
