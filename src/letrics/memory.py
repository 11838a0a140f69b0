"""Controls the memory of the C library: reserves memory for searches, and returns unused memory to the system.

A search of 10 million records allocates arrays and bitmaps of some megabytes and frees them. Memory from the system
costs a page fault of 1 to 7 microseconds per page: a phrase search in job titles had 960 of them, half of its time.
By default, glibc returns large blocks to the system when they are freed, and requests them again.
"""

from __future__ import annotations

import ctypes
from collections.abc import Generator
from typing import Any, Final

HELD: Final = 64 << 20
"""The maximum number of bytes reserved for the temporary data of searches."""
_SCRATCH_DIVISOR: Final = 64
"""The bytes of the saved index per byte reserved for temporary data, up to `HELD`."""
_CACHE_DIVISOR: Final = 12
"""The bytes of the saved index per byte reserved for the index cache, up to the size of the cache."""

_M_TRIM_THRESHOLD: Final = -1
"""The mallopt parameter for the free bytes at the top of the heap above which glibc trims it (malloc.h)."""
_M_MMAP_THRESHOLD: Final = -3
"""The mallopt parameter for the size from which glibc allocates blocks by mmap (malloc.h)."""
_MAX_MMAP_THRESHOLD: Final = 32 << 20
"""The largest mmap threshold that glibc accepts, in bytes. Larger blocks always come directly from the system."""
_NEVER_TRIM: Final = (1 << 31) - 1
"""The largest trim threshold, in bytes: glibc never trims by itself."""
_BLOCK: Final = 8 << 20
"""The size of one allocated block, in bytes."""
_STEP: Final = 256 << 10
"""The bytes populated by one call of madvise, which takes 0.2 to 2 ms."""
_MADV_POPULATE_WRITE: Final = 23
"""The advice that populates pages (Linux 5.14 and later)."""
_PAGE: Final = 4096
"""The size of a memory page, in bytes."""


def at_hand(index_bytes: int, cache_bytes: int = 0) -> int:
    """The number of bytes to reserve for a saved index of `index_bytes`, of which up to `cache_bytes` are cached."""
    return min(HELD, index_bytes // _SCRATCH_DIVISOR) + min(cache_bytes, index_bytes // _CACHE_DIVISOR)


def hold_memory(size: int) -> int:
    """Reserve `size` bytes in the heap. From then on only `trim_memory` returns memory to the system.

    Call it in the thread that searches, in a long-running process; 64 MB take 10 ms. Returns the number of reserved
    bytes: 0 without glibc. Before Linux 5.14 the pages are not populated.
    """
    steps = hold_in_steps(size)
    while True:
        try:
            next(steps)
        except StopIteration as stop:
            held: int = stop.value
            return held


def hold_in_steps(size: int) -> Generator[None, None, int]:
    """Do the same as `hold_memory` in steps, between which the thread can do other work."""
    libc: Any = ctypes.CDLL(None)
    if size < _PAGE or not hasattr(libc, "mallopt") or not hasattr(libc, "gnu_get_libc_version"):
        return 0
    libc.malloc.restype = ctypes.c_void_p
    libc.malloc.argtypes = [ctypes.c_size_t]
    libc.free.argtypes = [ctypes.c_void_p]
    libc.madvise.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int]
    libc.mallopt(_M_MMAP_THRESHOLD, _MAX_MMAP_THRESHOLD)
    libc.mallopt(_M_TRIM_THRESHOLD, _NEVER_TRIM)
    blocks: list[int] = []
    try:
        for block in [_BLOCK] * (size // _BLOCK) + [size % _BLOCK]:
            if not (got := libc.malloc(block)):
                break
            blocks.append(got)
            start, end = -(-got // _PAGE) * _PAGE, (got + block) // _PAGE * _PAGE
            for at in range(start, end, _STEP):
                libc.madvise(at, min(_STEP, end - at), _MADV_POPULATE_WRITE)
                yield
    finally:
        for got in blocks:
            libc.free(got)
    return size


class _Mallinfo2(ctypes.Structure):
    """The result of mallinfo2 (malloc.h of glibc 2.33 and later)."""

    _fields_ = [
        (name, ctypes.c_size_t)
        for name in ("arena", "ordblks", "smblks", "hblks", "hblkhd", "usmblks", "fsmblks", "uordblks", "fordblks",
                     "keepcost")
    ]  # fmt: skip


def _free_bytes(libc: Any) -> int | None:
    """The bytes that were freed but not returned to the system; None if the C library does not report them."""
    if not hasattr(libc, "mallinfo2"):
        return None
    libc.mallinfo2.restype = _Mallinfo2
    return int(libc.mallinfo2().fordblks)


def trim_memory(most: int = 0) -> bool:
    """Return freed memory to the system if it exceeds `most` bytes. C libraries hold it otherwise.

    Returns whether any memory was returned. Allocations of all threads wait meanwhile, for 0.1 s at 512 MB. Does
    nothing if the C library has no `malloc_trim`.
    """
    libc: Any = ctypes.CDLL(None)
    free = _free_bytes(libc)
    if not hasattr(libc, "malloc_trim") or (free is not None and free < most):
        return False
    return bool(libc.malloc_trim(ctypes.c_size_t(0)))
