"""How a user says that text files are to be read, where the files do not show it."""

from __future__ import annotations

from typing import Final

import msgspec


class TextRules(msgspec.Struct, frozen=True, array_like=True):
    """The encoding of files without a byte order mark, and the number of lines above the header of a CSV file.

    With None, both are detected. With `people`, the lists of people in companies of a JSON file are rows, too.
    """

    encoding: str | None = None
    skip_lines: int | None = None
    people: bool = True


DEFAULT_TEXT_RULES: Final = TextRules()
"""The rules that detect everything."""
