"""Reading a file in a process of its own, beside the one that writes to the store, so that an import uses two cores.

The process is a fork: it goes on with the very reader and mapper that have been at it so far, be it a file or standard
input, and sends the parts through a pipe, in order. It ends with the last part, when it is told to, and with its
parent, however that ends. Interrupts are its parent's business alone.
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
_PIPE: Final = 1 << 20
_PR_SET_PDEATHSIG: Final = 1


class ReaderLost(OSError):
    """The process that read the file ended before it had told all, for a reason that lies not in the file."""


def can_fork() -> bool:
    """Whether there is a second core to use, and a way to use it."""
    if not hasattr(os, "fork") or not hasattr(os, "sched_getaffinity"):
        return False
    return len(os.sched_getaffinity(0)) > 1


def parts_beside(
    kind: Kind, parts: Iterator[Part[Any]], ahead: int, begin: Callable[[], None] = lambda: None
) -> Iterator[Part[Any]]:
    """The rest of `parts`, made by another process that is at most about `ahead` parts ahead and calls `begin` first.

    Raises ReaderLost. The iterator must be closed where it is not used to its end.
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
        while drain.is_alive():  # it may wait for room
            if not waiting.empty():
                waiting.get()
            drain.join(0.01)
        pipe.close()
    if status:
        raise ReaderLost(None, f"the process that read the file has ended: {_told(status)}")


def _told(status: int) -> str:
    code = os.waitstatus_to_exitcode(status)
    return f"exit code {code}" if code >= 0 else f"signal {-code} ({signal.strsignal(-code)})"


def _drain(pipe: BinaryIO, waiting: Queue[bytes | None], gone: threading.Event) -> None:
    """Take what comes, so that the other process can go on while a batch is being written."""
    while not gone.is_set():
        head = pipe.read(_HEAD.size)
        part = pipe.read(_HEAD.unpack(head)[0]) if len(head) == _HEAD.size else b""
        waiting.put(part or None)
        if not part:
            return


def _fork(parts: Iterator[Part[Any]], begin: Callable[[], None]) -> tuple[int, BinaryIO]:
    import fcntl

    reading, writing = os.pipe()
    with suppress(OSError):  # a whole part at once: every piece of one costs a turn at Python's lock
        fcntl.fcntl(writing, fcntl.F_SETPIPE_SZ, _PIPE)
    parent = os.getpid()
    held = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        with warnings.catch_warnings():
            # Other threads (a progress bar's) may hold locks of their own things, none of which the reader touches.
            warnings.simplefilter("ignore", DeprecationWarning)
            child = os.fork()
        if not child:
            _read(parts, writing, parent, begin)  # does not return
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, held)
    os.close(writing)
    return child, os.fdopen(reading, "rb", buffering=1 << 16)


def _read(parts: Iterator[Part[Any]], writing: int, parent: int, begin: Callable[[], None]) -> None:
    """What the other process does; SIGINT stays blocked in it."""
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
    """Be killed when the parent ends, even where it is killed itself."""
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(1)
