"""Descriptions of the command line and the settings, read from a file that `python -m scripts.describe_program` writes.

It is a file because pages must not import the command line, which is the top layer of the program.
"""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import Final

import msgspec

FILE: Final = "program.json"
"""File name in this package."""


class Option(msgspec.Struct, frozen=True):
    """An option of a command. `names` is its spelling, such as `--port PORT`."""

    names: str
    help: str


class Command(msgspec.Struct, frozen=True):
    """One command. `usage` starts with its full name; `examples` are command lines."""

    name: str
    usage: str
    help: str
    options: list[Option]
    examples: list[str] = []


class Setting(msgspec.Struct, frozen=True):
    """One setting. `default` is the text of its default value."""

    name: str
    default: str
    help: str


class Column(msgspec.Struct, frozen=True):
    """One column of an import file. `list` is true if it has several values."""

    name: str
    list: bool


class Program(msgspec.Struct, frozen=True):
    """All commands, their shared options, all settings, and the columns of import files by kind of record."""

    shared: list[Option]
    commands: list[Command]
    settings: list[Setting]
    columns: dict[str, list[Column]]


@cache
def program() -> Program:
    """Read the descriptions from the file in this package. The result is cached."""
    return msgspec.json.decode((resources.files("letrics.web.docs") / FILE).read_bytes(), type=Program)
