"""The work of a separate process that rebuilds the saved index of a home directory."""

from __future__ import annotations

import sys
from pathlib import Path

from letrics.backends.factory import open_backends
from letrics.logs.log_setup import set_up_logs
from letrics.settings import Home, load_settings


def main() -> None:
    """Rebuild the saved index of the home that is the first argument."""
    rebuild_index(sys.argv[1])


def rebuild_index(path: str) -> None:
    """Rebuild the saved index of the home at `path` with all changes in the database.

    Does nothing if another process is rebuilding it. Raises SettingsError.
    """
    home = Home(Path(path))
    settings = load_settings(home.path)
    set_up_logs(settings.log_level, settings.log_format)
    backends = open_backends(home, settings)
    with backends.store.open() as store:
        backends.engine.rebuild(store)
