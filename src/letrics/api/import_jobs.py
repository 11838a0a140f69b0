"""Imports of uploaded files: each is a `letrics import` process over a file in the data directory.

The directory `uploads/ID` of an import has the uploaded file until the import has ended, the process id, the rejected
rows and what the process printed. The process goes on if the server ends, so that an upload is not lost by a restart.
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

_PROCESS: Final = "process"
_PRINTED: Final = "printed"
REJECTS: Final = "rejects.jsonl"
_KEPT_DAYS: Final = 90
"""The number of days for which rejected rows are stored, as long as an import can be undone."""
_DAY_SECONDS: Final = 86_400
"""The length of a day, in seconds."""
_REFUSED: Final = 2
"""The exit code of a command that was used wrongly: the file or its columns cannot be used."""


class RefusedUpload(Exception):
    """The file cannot be imported, and nothing was. The text is for the user."""


class JobFailed(Exception):
    """The process ended before it began the import."""


class ImportJobs:
    """The import processes of a data directory."""

    def __init__(self, home: Path, command: Sequence[str] = (sys.executable, "-m", "letrics.cli")) -> None:
        self._home = home
        self._uploads = home / "uploads"
        self._command = command
        self._waiting: list[threading.Thread] = []

    def make_directory(self) -> Path:
        """Make a directory for an upload that has no import yet. Removes directories of old uploads."""
        self._remove_old()
        directory = self._uploads / f"new-{secrets.token_hex(8)}"
        directory.mkdir(mode=0o700, parents=True)
        return directory

    def preview(self, file: Path, options: Sequence[str]) -> dict[str, Any]:
        """Preview the import of a file. Raises RefusedUpload and JobFailed."""
        words = self._words(file, [*options, "--preview"])
        done = subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True, check=False)  # noqa: S603 (our own program)
        if done.returncode:
            raise _failure(done.returncode, done.stderr)
        [preview] = json.loads(done.stdout)
        return dict(preview)

    def start(self, file: Path, options: Sequence[str]) -> int:
        """Start the import of a file in a directory of `make_directory`; returns its id once it has begun.

        Raises RefusedUpload and JobFailed.
        """
        directory = file.parent
        words = self._words(file, [*options, "--rejects", str(directory / REJECTS), "--announce"])
        with (directory / _PRINTED).open("wb") as printed:
            process = subprocess.Popen(  # noqa: S603 (our own program)
                words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=printed, start_new_session=True
            )
        assert process.stdout is not None
        line = process.stdout.readline()
        if not line:
            process.stdout.close()
            raise _failure(process.wait(), (directory / _PRINTED).read_bytes())
        id = int(json.loads(line)["import"])
        (directory / _PROCESS).write_text(str(process.pid))
        kept = self._uploads / str(id)
        shutil.rmtree(kept, ignore_errors=True)  # of a database that was replaced since
        directory.rename(kept)
        waiting = threading.Thread(target=_finish, args=(process, kept / file.name), daemon=True)
        self._waiting = [thread for thread in self._waiting if thread.is_alive()] + [waiting]
        waiting.start()
        return id

    def wait(self) -> None:
        """Wait until all imports that were started here have ended."""
        for thread in self._waiting:
            thread.join()

    def is_running(self, id: int) -> bool:
        """Whether the process of an import is running."""
        return self._process(id) is not None

    def cancel(self, id: int) -> bool:
        """Stop the process of an import after its current batch; returns whether there was one."""
        process = self._process(id)
        if process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, signal.SIGINT)
        return process is not None

    def rejects(self, id: int) -> Path | None:
        """The file of the rejected rows of an import; None if there is none."""
        path = self._uploads / str(id) / REJECTS
        return path if path.exists() else None

    def remove(self, directory: Path) -> None:
        """Remove the directory of an upload that became no import."""
        shutil.rmtree(directory, ignore_errors=True)

    def _remove_old(self) -> None:
        """Remove the rejected rows of old imports, and what is left of uploads whose server was killed."""
        for directory in self._uploads.iterdir() if self._uploads.exists() else ():
            most_days = _KEPT_DAYS if directory.name.isdigit() else 1
            with contextlib.suppress(FileNotFoundError):
                if time.time() - directory.stat().st_mtime > most_days * _DAY_SECONDS:
                    self.remove(directory)

    def _process(self, id: int) -> int | None:
        """The process id of a running import. Another process that has the number by now is not it."""
        try:
            process = int((self._uploads / str(id) / _PROCESS).read_text())
            words = Path(f"/proc/{process}/cmdline").read_bytes().split(b"\0")
        except (OSError, ValueError):
            return None
        return process if b"--announce" in words else None

    def _words(self, file: Path, options: Sequence[str]) -> list[str]:
        return [*self._command, "--home", str(self._home), "--json", "import", str(file), *options]


def _finish(process: subprocess.Popen[bytes], file: Path) -> None:
    """Wait for the end of an import, then remove its uploaded file."""
    assert process.stdout is not None
    with process.stdout:
        while process.stdout.read(1 << 16):  # the final report, which is in the record of the import, too
            pass
    process.wait()
    file.unlink(missing_ok=True)
    (file.parent / _PROCESS).unlink(missing_ok=True)


def _failure(code: int, said: bytes) -> Exception:
    """What a process said on standard error, without the usage line and the path of the upload."""
    lines = said.decode("utf-8", "replace").strip().splitlines()
    text = lines[-1].removeprefix("letrics: ") if lines else f"the process ended with exit code {code}"
    return RefusedUpload(text) if code == _REFUSED else JobFailed(text)
