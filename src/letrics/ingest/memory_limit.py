"""A limit on the memory of this process for the time of a call: the call fails, and not the machine."""

from __future__ import annotations

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

_STATUS: Final = Path("/proc/self/statm")
"""The sizes of this process in pages (proc_pid_statm(5)). The first one is its address space."""


@contextmanager
def bounded_memory(more_bytes: int) -> Iterator[None]:
    """Let the address space of this process grow by at most `more_bytes` within the block.

    An allocation beyond that raises MemoryError. A lower limit of the process stays. Where the system does not tell the
    size of the process, there is no limit.
    """
    try:
        size = int(_STATUS.read_text("ascii").split()[0]) * resource.getpagesize()
    except (OSError, ValueError, IndexError):
        yield
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    wanted = size + more_bytes
    if soft != resource.RLIM_INFINITY and soft <= wanted:
        yield
        return
    resource.setrlimit(resource.RLIMIT_AS, (wanted, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))
