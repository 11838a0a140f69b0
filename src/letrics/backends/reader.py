"""The process that reads an import file, and recognises the rows that the store of a home directory has already."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path
from typing import Final

from letrics.backends.factory import open_backends
from letrics.child import python_command
from letrics.ingest import reader_main
from letrics.settings import Home, load_settings
from letrics.store.base import Reader

_READ: Final = "from letrics.ingest.reader_main import main; main()"
"""The code of the process if no rows are to be recognised. It does not import a store."""
_RECOGNISE: Final = "from letrics.backends.reader import main; main()"
"""The code of the process that also recognises rows."""


def reader_command(home: Home | None) -> list[str]:
    """The command line of the process. With `home`, it recognises the rows that the store there has."""
    return python_command(_READ) if home is None else python_command(_RECOGNISE, str(home.path))


def main() -> None:
    """Read a file and recognise rows of the home that is the first argument."""
    reader_main.main(partial(open_reader, sys.argv[1]))


def open_reader(path: str) -> Reader:
    """Open the store of the home at `path` for reading, as `StoreBackend.open_reader` does. Raises SettingsError."""
    home = Home(Path(path))
    return open_backends(home, load_settings(home.path)).store.open_reader()
