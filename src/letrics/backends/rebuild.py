"""The work of a separate process that rebuilds the saved index of a home directory."""

from __future__ import annotations

import sys
from pathlib import Path

from letrics.backends.factory import open_backends
from letrics.settings import Home, load_settings


def main() -> None:
    """Rebuild the saved index of the home that is the first argument."""
    rebuild_index(sys.argv[1])


def rebuild_index(path: str) -> None:
    """Rebuild the saved index of the home at `path` with all changes in the database.

    Does nothing if another process is rebuilding it. Raises SettingsError.
    """
    home = Home(Path(path))
    backends = open_backends(home, load_settings(home.path))
    with backends.store.open() as store:
        backends.engine.rebuild(store)
