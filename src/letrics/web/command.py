"""Shell commands shown on pages. They include the home directory of the server, so that they work on the same data."""

from __future__ import annotations

import shlex
from typing import Final

_GROUPS: Final = frozenset({"user", "token"})
"""Commands with subcommands: the second word is part of the name."""


def shell_command(home: str, *words: str) -> str:
    """Build a `letrics` command for a shell, with `--home` after its name. An empty `home` adds no option."""
    name = 2 if words[0] in _GROUPS else 1
    return shlex.join(["letrics", *words[:name], *(["--home", home] if home else []), *words[name:]])
