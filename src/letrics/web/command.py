"""Commands shown on pages: they name the home that the server has, so that pasted they work on the same data."""

from __future__ import annotations

import shlex
from typing import Final

_GROUPS: Final = frozenset({"user", "token"})
"""Commands whose second word is part of the name."""


def shell_command(home: str, *words: str) -> str:
    """A `letrics` command as it is typed into a shell, with `--home` after its name; without where `home` is empty."""
    name = 2 if words[0] in _GROUPS else 1
    return shlex.join(["letrics", *words[:name], *(["--home", home] if home else []), *words[name:]])
