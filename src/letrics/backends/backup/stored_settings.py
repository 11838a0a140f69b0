"""The settings in a backup: those of the file letrics.toml, except for where the records are."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any, Final

import msgspec

from letrics.settings import FILE_NAME

_OF_THE_PLACE: Final = ("database", "engine")
"""Settings that are not in a backup. They may contain passwords, and what is restored elsewhere must not write into the
database of the original."""


def settings_text(home: Path) -> bytes | None:
    """The settings of a home as a backup has them. None if it has no file of settings, or one that is not valid."""
    try:
        values = tomllib.loads((home / FILE_NAME).read_text("utf-8"))
    except (FileNotFoundError, ValueError):
        return None
    lines = [f"{name} = {_written(value)}\n" for name, value in values.items() if name not in _OF_THE_PLACE]
    head = f"# Settings from a backup. {' and '.join(_OF_THE_PLACE)} are not in backups.\n"
    return (head + "".join(lines)).encode()


def _written(value: Any) -> str:
    """A value in TOML. Texts, numbers, booleans and lists of them are written as in JSON."""
    return msgspec.json.encode(value).decode()
