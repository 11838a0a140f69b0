"""Reader process: reads and maps a file in a forked process while the parent writes to the store, to use two cores.

The child continues with the reader and the mapper of the parent, for a file or standard input. It sends the parts
through a pipe, in order. It ends after the last part, when the parent stops it, and when the parent itself ends for any
reason. Only the parent handles interrupts.
"""

from __future__ import annotations

import os
import signal
import struct
import sys
import threading
import warnings
from collections.abc import Callable, Iterator
from contextlib import suppress
from queue import Queue
from typing import Any, BinaryIO, Final

from letrics.ingest.parts import Part, decode_part, encode_part
from letrics.records import Kind

_HEAD: Final = struct.Struct("<Q")
"""The header of a message in the pipe: the length of the encoded part, in bytes."""
_PIPE: Final = 1 << 20
"""The capacity of the pipe, in bytes."""
_PR_SET_PDEATHSIG: Final = 1
"""The prctl(2) option that sets the signal a process gets when its parent ends."""


class ReaderLost(OSError):
    """The reader process ended before the last part, for a reason other than the content of the file."""


def can_fork() -> bool:
    """Return whether the process can fork and may use more than one core."""
    if not hasattr(os, "fork") or not hasattr(os, "sched_getaffinity"):
        return False
    return len(os.sched_getaffinity(0)) > 1


def read_in_child(
    kind: Kind, parts: Iterator[Part[Any]], ahead: int, begin: Callable[[], None] = lambda: None
) -> Iterator[Part[Any]]:
    """Yield the rest of `parts`, produced by a child process that calls `begin` first.

    The child is at most about `ahead` parts ahead. Raises ReaderLost. The caller must close the iterator if it does not
    exhaust it.
    """
    child, pipe = _fork(parts, begin)
    waiting: Queue[bytes | None] = Queue(ahead)
    gone = threading.Event()
    drain = threading.Thread(target=_drain, args=(pipe, waiting, gone), name="parts", daemon=True)
    drain.start()
    status = None
    try:
        while (part := waiting.get()) is not None:
            yield decode_part(kind, part)
        _, status = os.waitpid(child, 0)
    finally:
        gone.set()
        if status is None:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
        while drain.is_alive():  # the thread may be blocked on the full queue
            if not waiting.empty():
                waiting.get()
            drain.join(0.01)
        pipe.close()
    if status:
        raise ReaderLost(None, f"the process that read the file ended unexpectedly: {_describe_status(status)}")


def _describe_status(status: int) -> str:
    code = os.waitstatus_to_exitcode(status)
    return f"exit code {code}" if code >= 0 else f"signal {-code} ({signal.strsignal(-code)})"


def _drain(pipe: BinaryIO, waiting: Queue[bytes | None], gone: threading.Event) -> None:
    """Read parts from the pipe into the queue, so that the child continues while the parent writes a batch."""
    while not gone.is_set():
        head = pipe.read(_HEAD.size)
        part = pipe.read(_HEAD.unpack(head)[0]) if len(head) == _HEAD.size else b""
        waiting.put(part or None)
        if not part:
            return


def _fork(parts: Iterator[Part[Any]], begin: Callable[[], None]) -> tuple[int, BinaryIO]:
    import fcntl

    reading, writing = os.pipe()
    with suppress(OSError):  # large enough for a whole part, since each read of a piece needs the GIL
        fcntl.fcntl(writing, fcntl.F_SETPIPE_SZ, _PIPE)
    parent = os.getpid()
    held = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        with warnings.catch_warnings():
            # Other threads, such as a progress bar's, may hold locks, but the child does not use those locks.
            warnings.simplefilter("ignore", DeprecationWarning)
            child = os.fork()
        if not child:
            _read(parts, writing, parent, begin)  # does not return
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, held)
    os.close(writing)
    return child, os.fdopen(reading, "rb", buffering=1 << 16)


def _read(parts: Iterator[Part[Any]], writing: int, parent: int, begin: Callable[[], None]) -> None:
    """Run the child: send all parts, then exit. SIGINT stays blocked in the child."""
    code = 1
    try:
        _die_with(parent)
        begin()
        with os.fdopen(writing, "wb", buffering=0) as pipe:
            for part in parts:
                encoded = encode_part(part)
                _send(pipe, _HEAD.pack(len(encoded)) + encoded)
        code = 0
    except BrokenPipeError:
        pass
    except BaseException:
        sys.excepthook(*sys.exc_info())
    finally:
        os._exit(code)


def _send(pipe: BinaryIO, data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[pipe.write(rest) :]


def _die_with(parent: int) -> None:
    """Ask Linux to kill this process when the parent ends, even if the parent is killed."""
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(1)
