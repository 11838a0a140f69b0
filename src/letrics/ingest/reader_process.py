"""Reader process: reads and maps a file while this process writes to the store, to use two cores.

It is a new interpreter, which inherits nothing but the open file: no database connection, no lock, no thread. It sends
the parts through a pipe, in order, as `letrics.ingest.reader_main` describes. It ends after the last part, when this
process stops it, and when this process itself ends for any reason. Only this process handles interrupts.
"""

from __future__ import annotations

import os
import signal
import subprocess
import threading
from collections.abc import Iterator
from contextlib import suppress
from queue import Queue
from types import TracebackType
from typing import Any, BinaryIO, Final, Self, cast

from letrics.child import NEUTRAL_DIRECTORY
from letrics.ingest.input_file import InputFile
from letrics.ingest.parts import Part, decode_part
from letrics.ingest.reader_main import AHEAD, BEHIND, ReaderJob, read_message, send_message

LONG: Final = 2 << 20
"""The size in bytes from which a file is read by a separate process. Its start takes as long as reading such a file,
and files up to twice this size are written only after they are read."""
_MANY: Final = 12
"""The number of waiting parts above which the process prepares rows. They have more rows than a small batch, which the
importing process writes if the next part has not been read; with fewer it would have to wait."""
_PIPE: Final = 1 << 20
"""The capacity of the pipe, in bytes, so that a whole part fits. Each read of a piece would need the GIL."""


class ReaderLost(OSError):
    """The reader process ended before the last part, for a reason other than the content of the file."""


def can_read_apart(file: InputFile, long_bytes: int = LONG) -> bool:
    """Return whether a separate process can read `file`, and the file is long enough for it to save time."""
    if not hasattr(os, "sched_getaffinity") or len(os.sched_getaffinity(0)) < 2:
        return False
    return file.descriptor() is not None and file.is_longer(long_bytes)


class ReaderProcess:
    """Context manager that starts a process and yields the parts of `file` that it reads.

    `command` is the command line of a process that calls `letrics.ingest.reader_main.main`. The process is at most
    about `ahead` parts ahead. Nothing else may read the file meanwhile.
    """

    def __init__(self, command: list[str], file: InputFile, job: ReaderJob, ahead: int) -> None:
        self._command = command
        self._file = file
        self._job = job
        self._waiting: Queue[bytes | None] = Queue(ahead)
        self._gone = threading.Event()
        self._is_ahead = False

    def __enter__(self) -> Self:
        reading, writing = os.pipe()
        held = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})  # the process inherits it
        try:
            self._process = subprocess.Popen(  # noqa: S603 (our own program)
                [*self._command, str(reading)], stdin=self._file.descriptor(),
                stdout=subprocess.PIPE, pipesize=_PIPE, pass_fds=(reading,), cwd=NEUTRAL_DIRECTORY,
            )  # fmt: skip
        except BaseException:
            os.close(writing)
            raise
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, held)
            os.close(reading)
        self._control = os.fdopen(writing, "wb", buffering=0)
        self._pipe = cast("BinaryIO", self._process.stdout)
        self._drain = threading.Thread(target=self._receive, name="parts", daemon=True)
        self._drain.start()
        return self

    def __iter__(self) -> Iterator[Part[Any]]:
        """Yield the parts. Raises ReaderLost."""
        while (part := self._waiting.get()) is not None:
            yield decode_part(self._job.kind, part)
        code = self._process.wait()
        if code:
            raise ReaderLost(None, f"the process that read the file ended unexpectedly: {_describe_code(code)}")

    def is_behind(self) -> bool:
        """Whether the next part has not been read yet."""
        return self._waiting.empty()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._gone.set()
        self._process.kill()
        self._process.wait()
        while self._drain.is_alive():  # the thread may be blocked on the full queue
            if not self._waiting.empty():
                self._waiting.get()
            self._drain.join(0.01)
        self._control.close()
        self._pipe.close()

    def _receive(self) -> None:
        """Put parts into the queue, so that the process continues while this one writes a batch."""
        with suppress(BrokenPipeError):  # if the process has ended, the end of its pipe shows it
            send_message(self._control, self._job.encode())
        while not self._gone.is_set():
            part = read_message(self._pipe)
            self._waiting.put(part or None)
            if not part:
                return
            self._tell(self._waiting.qsize() > _MANY)

    def _tell(self, is_ahead: bool) -> None:
        if is_ahead != self._is_ahead:
            self._is_ahead = is_ahead
            with suppress(BrokenPipeError):
                self._control.write(AHEAD if is_ahead else BEHIND)


def _describe_code(code: int) -> str:
    return f"exit code {code}" if code > 0 else f"signal {-code} ({signal.strsignal(-code)})"
