"""Python child processes that import nothing from the working directory.

`python -c` and `python -m` put the working directory first on the module search path, so a file named `json.py` there
would run with this program's rights. Children run in isolated mode (`-I`, which also ignores `PYTHONPATH`,
`PYTHONSTARTUP` and similar variables). They receive the trusted part of this process's search path as an argument.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Final

ROOT: Final = str(Path(__file__).resolve().parents[1])
"""The directory that contains the package `letrics`."""

NEUTRAL_DIRECTORY: Final = "/"
"""The working directory of child processes. It always exists, and only the system administrator can write to it."""

_PRELUDE: Final = (
    "import sys; root, *more = sys.argv.pop(1).split('\\n'); "
    "sys.path[:] = dict.fromkeys([root] * (root not in sys.path) + sys.path + more); "
)


def python_command(program: str, *arguments: str) -> list[str]:
    """The command line of an isolated interpreter that runs the code `program` with `arguments` in `sys.argv[1:]`.

    The child imports the same `letrics` and the same libraries as this process.
    """
    search_path = "\n".join([ROOT, *trusted_path()])
    return [sys.executable, "-I", "-c", _PRELUDE + program, search_path, *arguments]


def trusted_path() -> list[str]:
    """The module search path of this process without relative entries and without the working directory, unless the
    package itself is there."""
    try:
        here = str(Path.cwd())
    except FileNotFoundError:
        here = ""
    return [entry for entry in sys.path if Path(entry).is_absolute() and _is_trusted(entry, here)]


def _is_trusted(entry: str, here: str) -> bool:
    real = os.path.realpath(entry)
    return real == ROOT or real != here
