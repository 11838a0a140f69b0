"""Imports of uploaded files: each is a `letrics import` process over a file in the data directory.

The directory `uploads/ID` of an import has the uploaded file, in a separate directory until the import has ended, the
process id, the rejected rows and what the process printed. The process goes on if the server ends, so that an upload is
not lost by a restart. The directory `uploads/new-UPLOAD` has an uploaded file without an import.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
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
_FILE: Final = "file"
"""The name of the directory of the uploaded file, whose name the user chose."""
_UPLOAD: Final = re.compile("[0-9a-f]{16}")
"""Matches the id of an upload."""
REJECTS: Final = "rejects.jsonl"
_KEPT_DAYS: Final = 90
"""The number of days for which rejected rows are stored, as long as an import can be undone."""
_DAY_SECONDS: Final = 86_400
"""The length of a day, in seconds."""
_REFUSED: Final = 2
"""The exit code of a command that was used wrongly: the file or its columns cannot be used."""


class RefusedUpload(Exception):
    """The file cannot be imported, and nothing was. The text is for the user."""


class UnknownUpload(LookupError):
    """There is no such upload: it was imported, or removed after a day."""


class JobFailed(Exception):
    """The process ended before it began the import."""


class ImportJobs:
    """The import processes of a data directory."""

    def __init__(self, home: Path, command: Sequence[str] = (sys.executable, "-m", "letrics.cli")) -> None:
        self._home = home
        self._uploads = home / "uploads"
        self._command = command
        self._waiting: list[threading.Thread] = []

    def make_directory(self) -> tuple[str, Path]:
        """Make a directory for a file that has no import yet; returns the id of the upload, and the directory.

        Removes directories of old uploads.
        """
        self._remove_old()
        upload = secrets.token_hex(8)
        made = self._new(upload)
        made.mkdir(mode=0o700, parents=True)
        directory = made / _FILE
        directory.mkdir()
        return upload, directory

    def find_file(self, upload: str) -> Path:
        """Find the file of an upload that has no import yet. Raises UnknownUpload."""
        directory = self._new(upload) / _FILE
        file = next(directory.iterdir(), None) if _UPLOAD.fullmatch(upload) and directory.exists() else None
        if file is None:
            raise UnknownUpload(upload)
        return file

    def preview(self, upload: str, options: Sequence[str]) -> dict[str, Any]:
        """Preview the import of an upload. Raises UnknownUpload, RefusedUpload and JobFailed."""
        words = self._words(self.find_file(upload), [*options, "--preview"])
        done = subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True, check=False)  # noqa: S603 (our own program)
        if done.returncode:
            raise _failure(done.returncode, done.stderr)
        [preview] = json.loads(done.stdout)
        return dict(preview)

    def start(self, upload: str, options: Sequence[str]) -> int:
        """Start the import of an upload; returns its id once it has begun. The upload stays if the import is refused.

        Raises UnknownUpload, RefusedUpload and JobFailed.
        """
        name = self.find_file(upload).name
        directory = self._uploads / f"starting-{upload}"
        try:
            self._new(upload).rename(directory)  # so that it is started once
        except FileNotFoundError:
            raise UnknownUpload(upload) from None
        try:
            return self._start(directory, name, options)
        except BaseException:
            directory.rename(self._new(upload))
            raise

    def _start(self, directory: Path, name: str, options: Sequence[str]) -> int:
        words = self._words(directory / _FILE / name, [*options, "--rejects", str(directory / REJECTS), "--announce"])
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
        waiting = threading.Thread(target=_finish, args=(process, kept), daemon=True)
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

    def remove(self, upload: str) -> None:
        """Remove an upload that became no import."""
        shutil.rmtree(self._new(upload), ignore_errors=True)

    def _remove_old(self) -> None:
        """Remove the rejected rows of old imports, and what is left of uploads whose server was killed."""
        for directory in self._uploads.iterdir() if self._uploads.exists() else ():
            most_days = _KEPT_DAYS if directory.name.isdigit() else 1
            with contextlib.suppress(FileNotFoundError):
                if time.time() - directory.stat().st_mtime > most_days * _DAY_SECONDS:
                    shutil.rmtree(directory, ignore_errors=True)

    def _new(self, upload: str) -> Path:
        return self._uploads / f"new-{upload}"

    def _process(self, id: int) -> int | None:
        """The process id of a running import. Another process that has the number by now is not it."""
        try:
            process = int((self._uploads / str(id) / _PROCESS).read_text())
            words = Path(f"/proc/{process}/cmdline").read_bytes().split(b"\0")
        except (OSError, ValueError):
            return None
        return process if b"--announce" in words else None

    def _words(self, file: Path, options: Sequence[str]) -> list[str]:
        return [*self._command, "--home", str(self._home), "--json", "import", str(file), "--upload", *options]


def _finish(process: subprocess.Popen[bytes], directory: Path) -> None:
    """Wait for the end of an import, then remove its uploaded file."""
    assert process.stdout is not None
    with process.stdout:
        while process.stdout.read(1 << 16):  # the final report, which is in the record of the import, too
            pass
    process.wait()
    shutil.rmtree(directory / _FILE, ignore_errors=True)
    (directory / _PROCESS).unlink(missing_ok=True)


def _failure(code: int, said: bytes) -> Exception:
    """What a process said on standard error, without the usage line and the path of the upload."""
    lines = said.decode("utf-8", "replace").strip().splitlines()
    text = lines[-1].removeprefix("letrics: ") if lines else f"the process ended with exit code {code}"
    return RefusedUpload(text) if code == _REFUSED else JobFailed(text)
