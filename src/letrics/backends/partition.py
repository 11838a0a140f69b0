"""The second process of a bulk load, which reads half of the contacts of the store of a home directory."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

from letrics.backends.factory import open_backends
from letrics.child import python_command
from letrics.engines.bitmap.index.bulk_load import send_partition
from letrics.settings import Home, load_settings

_SEND: Final = "from letrics.backends.partition import main; main()"


def partition_command(home: Home) -> list[str]:
    """The command line of the process."""
    return python_command(_SEND, str(home.path.absolute()))


def main() -> None:
    """Send the share of the store of the home that is the first argument."""
    home = Home(Path(sys.argv[1]))
    with open_backends(home, load_settings(home.path)).store.open() as store:
        send_partition(store, sys.stdin.buffer, sys.stdout.buffer)
