"""Background checkpoints: copy the write-ahead log into the database during an import, so that its writer need not."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Final

import apsw

from letrics.store.base import StoreAway
from letrics.store.connection import open_sqlite

WAL_PAGES: Final = 131_072
"""Pages in the write-ahead log (512 MB) at which the writer itself copies the remaining ones and restarts the log."""


class Checkpointer:
    """A thread with its own connection. The first call of `wake` starts it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._wake = threading.Event()
        self._stop = False
        self._thread: threading.Thread | None = None

    def wake(self) -> None:
        """Start a checkpoint in the background, after a large batch was committed."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="checkpoints", daemon=True)
            self._thread.start()
        self._wake.set()

    def close(self) -> None:
        """End the thread after the checkpoint it is running."""
        if self._thread is not None:
            self._stop = True
            self._wake.set()
            self._thread.join()
            self._thread = None

    def _run(self) -> None:
        try:
            connection = open_sqlite(self._path, create=False)
        except StoreAway:
            return  # the writer meets the same error and reports it
        try:
            while True:
                self._wake.wait()
                self._wake.clear()
                if self._stop:
                    return
                try:
                    connection.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_PASSIVE)
                except apsw.Error:
                    continue  # busy or a full disk: the log grows meanwhile, and the writer reports the error
        finally:
            connection.close(True)
