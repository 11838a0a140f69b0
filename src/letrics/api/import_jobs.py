"""Imports of uploaded files: each is a `letrics import` process over a file in the data directory.

The directory `uploads/ID` of an import has the rejected rows and, until the import has ended, the uploaded file in a
separate directory, the process id and what the process printed. The process goes on if only the server ends: an import
is not lost by a restart, unless the service manager kills all processes of the service (systemd does, by default).
Until then, the directory is `making-UPLOAD` for a moment, `receiving-UPLOAD` while the file is received, `new-UPLOAD`
without an import, and `starting-UPLOAD` until the import has begun. The server that receives or starts locks the
directory, so that another can tell that it was killed.
"""

from __future__ import annotations

import contextlib
import fcntl
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
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

_PROCESS: Final = "process"
_STARTED: Final = "started"
"""The name of the file with the time at which a process started: another one may get its number later."""
_PRINTED: Final = "printed"
_ANNOUNCED: Final = "announced"
"""The name of the file with the output of a process. Its first line has the id of the import."""
_FILE: Final = "file"
"""The name of the directory of the uploaded file, whose name the user chose."""
_UPLOAD: Final = re.compile("[0-9a-f]{16}")
"""Matches the id of an upload."""
REJECTS: Final = "rejects.jsonl"
_KEPT_DAYS: Final = 30
"""The number of days for which rejected rows are stored."""
_DAY_SECONDS: Final = 86_400
"""The length of a day, in seconds."""
_WAIT_SECONDS: Final = 0.01
"""Seconds between two looks at whether an import has begun, or a directory is unlocked."""
_LOCK_SECONDS: Final = 1.0
"""Seconds for which an import waits for the lock of its upload, which another process may hold for a moment."""
_PREVIEW_SECONDS: Final = 120.0
"""Seconds after which a preview is stopped."""
_DAMAGED, _REFUSED = 1, 2
"""The exit codes of a command that cannot use the file: it is damaged, or its columns or the options are wrong. A crash
has the first one, too, without a message that begins with the name of the program."""
_NICE: Final = 5
"""How much lower the priority of an import is than that of the server. On a busy machine a server, which has to apply
what is imported, then gets about three times its share of the processors."""
_NAME: Final = "letrics: "
"""The beginning of a message of the program."""


class RefusedUpload(Exception):
    """The file cannot be imported, and nothing was. The text is for the user."""


class UnknownUpload(LookupError):
    """There is no such upload on this host: it was imported, removed after a day, or sent to another host."""


class JobFailed(Exception):
    """The process ended before it began the import."""

    @property
    def is_damage(self) -> bool:
        """Whether the process said that a database is damaged."""
        return " is damaged" in str(self)


class ImportJobs:
    """The import processes of a data directory."""

    def __init__(
        self,
        home: Path,
        command: Sequence[str] = (sys.executable, "-m", "letrics.cli"),
        preview_seconds: float = _PREVIEW_SECONDS,
    ) -> None:
        self._home = home
        self._uploads = home / "uploads"
        self._command = command
        self._preview_seconds = preview_seconds
        self._waiting: list[threading.Thread] = []

    @contextlib.contextmanager
    def receiving(self) -> Iterator[tuple[str, Path]]:
        """Make a directory for a file that is received in the block; yields the id of the upload, and the directory.

        Removes the directory if the block raises an exception.
        """
        self.sweep()
        upload = secrets.token_hex(8)
        made, receiving = self._uploads / f"making-{upload}", self._uploads / f"receiving-{upload}"
        made.mkdir(mode=0o700, parents=True)
        with _lock(made):
            made.rename(receiving)
            try:
                (receiving / _FILE).mkdir()
                yield upload, receiving / _FILE
                receiving.rename(self._new(upload))
            except BaseException:
                shutil.rmtree(receiving, ignore_errors=True)
                raise

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
        try:
            done = subprocess.run(  # noqa: S603 (our own program)
                words, stdin=subprocess.DEVNULL, capture_output=True, check=False, timeout=self._preview_seconds
            )
        except subprocess.TimeoutExpired:
            details = f"its preview takes longer than {self._preview_seconds:g} seconds: import it without one"
            raise RefusedUpload(details) from None
        if done.returncode:
            raise _failure(done.returncode, done.stderr)
        [preview] = json.loads(done.stdout)
        return dict(preview)

    def start(self, upload: str, options: Sequence[str]) -> int:
        """Start the import of an upload; returns its id once it has begun. The upload stays if the import is refused.

        Raises UnknownUpload, RefusedUpload and JobFailed.
        """
        name = self.find_file(upload).name
        new, directory = self._new(upload), self._uploads / f"starting-{upload}"
        with contextlib.ExitStack() as stack:
            try:
                stack.enter_context(_lock(new, _LOCK_SECONDS))
                new.rename(directory)
            except (FileNotFoundError, BlockingIOError):  # it is started once
                raise UnknownUpload(upload) from None
            try:
                return self._start(directory, name, options)
            except BaseException:
                directory.rename(new)
                raise

    def _start(self, directory: Path, name: str, options: Sequence[str]) -> int:
        words = self._words(directory / _FILE / name, [*options, "--rejects", str(directory / REJECTS), "--announce"])
        with (directory / _PRINTED).open("wb") as printed, (directory / _ANNOUNCED).open("wb") as announced:
            process = subprocess.Popen(  # noqa: S603 (our own program)
                words, stdin=subprocess.DEVNULL, stdout=announced, stderr=printed, start_new_session=True
            )
        with contextlib.suppress(OSError):  # it has ended
            os.setpriority(os.PRIO_PROCESS, process.pid, os.getpriority(os.PRIO_PROCESS, 0) + _NICE)
        (directory / _STARTED).write_text(_start_time(process.pid))
        (directory / _PROCESS).write_text(str(process.pid))
        while (ended := process.poll()) is None and _announced(directory) is None:
            time.sleep(_WAIT_SECONDS)
        id = _announced(directory)
        if id is None:
            assert ended is not None
            raise _failure(ended, (directory / _PRINTED).read_bytes())
        kept = self._keep(directory, id)
        waiting = threading.Thread(target=_finish, args=(process, kept), daemon=True)
        self._waiting = [thread for thread in self._waiting if thread.is_alive()] + [waiting]
        waiting.start()
        return id

    def _keep(self, directory: Path, id: int) -> Path:
        """Name a directory by its import, which has begun."""
        kept = self._uploads / str(id)
        shutil.rmtree(kept, ignore_errors=True)  # of a database that was replaced since
        directory.rename(kept)
        return kept

    def wait(self) -> None:
        """Wait until all imports that were started here have ended."""
        for thread in self._waiting:
            thread.join()

    def running(self) -> dict[int, int]:
        """The process ids of the imports that are running, by import."""
        found = {}
        for directory in self._directories():
            id = int(directory.name) if directory.name.isdigit() else _announced(directory)
            process = _process(directory)
            if id is not None and process is not None:
                found[id] = process
        return found

    def is_running(self, id: int) -> bool:
        """Whether the process of an import is running. Other than `running`, this reads no other directories."""
        return self._process_of(id) is not None

    def _process_of(self, id: int) -> int | None:
        process = _process(self._uploads / str(id))
        if process is None:  # its server may have been killed before it named the directory by the import
            starting = self._uploads.glob("starting-*")
            process = next((_process(directory) for directory in starting if _announced(directory) == id), None)
        return process

    def cancel(self, id: int) -> bool:
        """Stop the process of an import after its current batch; returns whether there was one."""
        process = self._process_of(id)
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

    def sweep(self) -> None:
        """Remove what is of no use any more: files of imports that have ended and of killed servers, rejected rows and
        uploads that are too old."""
        for directory in self._directories():
            with contextlib.suppress(FileNotFoundError):  # another server process removed it
                self._sweep(directory)

    def _sweep(self, directory: Path) -> None:
        days = (time.time() - directory.stat().st_mtime) / _DAY_SECONDS
        if directory.name.isdigit():
            if (directory / _FILE).exists() and _process(directory) is None:
                _remove_file(directory)
            if days > _KEPT_DAYS:
                shutil.rmtree(directory, ignore_errors=True)
            return
        if days <= 1 and directory.name.startswith(("new-", "making-")):
            return  # locking it could keep another process from it
        try:
            with _lock(directory):
                id = _announced(directory) if directory.name.startswith("starting-") else None
                if id is not None:
                    self._keep(directory, id)
                elif days > 1 or _process(directory) is None:
                    shutil.rmtree(directory, ignore_errors=True)
        except BlockingIOError:
            pass  # a server is receiving or starting it

    def _directories(self) -> list[Path]:
        return list(self._uploads.iterdir()) if self._uploads.exists() else []

    def _new(self, upload: str) -> Path:
        return self._uploads / f"new-{upload}"

    def _words(self, file: Path, options: Sequence[str]) -> list[str]:
        return [*self._command, "--home", str(self._home), "--json", "import", str(file), "--upload", *options]


@contextlib.contextmanager
def _lock(directory: Path, wait_seconds: float = 0) -> Iterator[None]:
    """Lock a directory, also for other processes, until the end of the block. Raises BlockingIOError."""
    deadline = time.monotonic() + wait_seconds
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() >= deadline:
                    raise
                time.sleep(_WAIT_SECONDS)
        yield
    finally:
        os.close(descriptor)


def _finish(process: subprocess.Popen[bytes], directory: Path) -> None:
    """Wait for the end of an import, then remove its uploaded file."""
    process.wait()
    _remove_file(directory)


def _remove_file(directory: Path) -> None:
    """Remove what an import's process printed, then its uploaded file: where that is gone, nothing is left to do."""
    for name in (_PROCESS, _STARTED, _PRINTED, _ANNOUNCED):
        (directory / name).unlink(missing_ok=True)
    shutil.rmtree(directory / _FILE, ignore_errors=True)


def _process(directory: Path) -> int | None:
    """The process id of a running import. Another process that has the number by now is not it."""
    try:
        process = int((directory / _PROCESS).read_text())
        words = Path(f"/proc/{process}/cmdline").read_bytes().split(b"\0")
        started = (directory / _STARTED).read_text()
        is_same = b"--announce" in words and _start_time(process) == started
    except (OSError, ValueError):
        return None
    return process if is_same else None


def _start_time(process: int) -> str:
    """The time at which a process started, in clock ticks since the system started (proc_pid_stat(5), field 22)."""
    return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[19]


def _announced(directory: Path) -> int | None:
    """The id of the import that the process of a directory has begun; None before that."""
    try:
        line = (directory / _ANNOUNCED).read_bytes().partition(b"\n")
    except OSError:
        return None
    return int(json.loads(line[0])["import"]) if line[1] else None


def _failure(code: int, said: bytes) -> Exception:
    """What a process said on standard error, without the usage line and the path of the upload."""
    lines = said.decode("utf-8", "replace").strip().splitlines()
    text = lines[-1] if lines else f"the process ended with exit code {code}"
    is_refused = code == _REFUSED or (code == _DAMAGED and text.startswith(_NAME))
    text = text.removeprefix(_NAME)
    return RefusedUpload(text) if is_refused else JobFailed(text)
